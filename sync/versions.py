"""Which of several assertions about one fact counts: the order of versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Version:
    """The version stamp of an event, which decides between two assertions about one fact.

    `time` is aware UTC; ids and sequences compare by code point.
    """

    source: str
    sequence: str | None
    time: datetime
    event_id: str

    @property
    def within_source(self) -> tuple[bool, str, datetime, str]:
        """Orders the assertions of one source: by sequence where it has one (after those without), else by time."""
        if self.sequence is None:
            return False, "", self.time, self.event_id
        return True, self.sequence, EQUAL, self.event_id

    @property
    def between_sources(self) -> tuple[datetime, str, str]:
        """Orders the last assertions of different sources."""
        return self.time, self.source, self.event_id

    def beats(self, other: Version) -> bool:
        """Whether this is the higher of two versions; of equal versions neither is."""
        if self.source == other.source:
            return self.within_source > other.within_source
        return self.between_sources > other.between_sources


EQUAL = datetime.min  # noqa: DTZ901 - a constant that two sequences share, never a moment


class Versioned(Protocol):
    """An assertion by an event, of a fact or of an account."""

    @property
    def version(self) -> Version: ...


T = TypeVar("T", bound=Versioned)


def latest_assertion(assertions: Sequence[T]) -> T | None:
    """The assertion that counts: each source's last one, and of those the latest. None of no assertions.

    Not a maximum of pairs: a source may follow a late assertion by an earlier-dated one, so `beats` is not transitive.
    """
    if len(assertions) < 2:
        return assertions[0] if assertions else None
    last: dict[str, T] = {}
    for assertion in assertions:
        known = last.get(assertion.version.source)
        if known is None or assertion.version.within_source > known.version.within_source:
            last[assertion.version.source] = assertion
    return max(last.values(), key=lambda assertion: assertion.version.between_sources)


def first_assertion(assertions: Sequence[T]) -> T | None:
    """The reverse of `latest_assertion`: of each source's first assertion the earliest."""
    if len(assertions) < 2:
        return assertions[0] if assertions else None
    first: dict[str, T] = {}
    for assertion in assertions:
        known = first.get(assertion.version.source)
        if known is None or assertion.version.within_source < known.version.within_source:
            first[assertion.version.source] = assertion
    return min(first.values(), key=lambda assertion: assertion.version.between_sources)
