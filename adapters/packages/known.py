"""What was before a package: the facts it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sync.facts import Key, Kind


class Ahead(NamedTuple):
    """What begins to hold on a later day."""

    effective_on: date
    value: Any
    source: str


class Was(NamedTuple):
    """What holds of a fact on the day the package is read for (None: nothing yet), and the source that last set it.

    `ahead` is what is announced for later days, earliest first.
    """

    value: Any
    source: str
    ahead: tuple[Ahead, ...] = ()


Known = Mapping[Kind, Mapping[Key, Was]]


class Stated(NamedTuple):
    """What a package says of a fact; from a later day on where `effective_on` is one."""

    value: Any
    effective_on: date | None = None
