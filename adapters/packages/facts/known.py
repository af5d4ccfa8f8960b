"""What was before a package: the facts it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from adapters.packages.spill.mappings import SpillMap
from sync.facts import FactType, Key


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


Known = Mapping[FactType, Mapping[Key, Was]]


def sorted_keys(facts: Mapping[Key, Was]) -> Iterable[Key]:
    """A SpillMap is sorted by nature, and may be too large to be sorted again."""
    return facts if isinstance(facts, SpillMap) else sorted(facts)


def known_entries(facts: Mapping[Key, Was]) -> Iterable[tuple[Key, Was]]:
    """What `items` gives, of a SpillMap in one go."""
    return facts.entries() if isinstance(facts, SpillMap) else facts.items()
