"""The one catalogue of words that all products share; those of a product are in its profile."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

CATALOGUE: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def said(part: str, name: str, **filled: object) -> str:
    """The words by their name, with what is filled in. Raises KeyError of a name that is not there."""
    return CATALOGUE[part][name].format(**filled)
