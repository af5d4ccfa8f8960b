"""Which of several words about one fact counts: the order of versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Version:
    """The stamp of the event that said something: what decides between two words about one fact.

    `time` is aware UTC; ids and sequences compare by code point.
    """

    source: str
    sequence: str | None
    time: datetime
    event_id: str

    @property
    def within_source(self) -> tuple[bool, str, datetime, str]:
        """Orders the words of one source: by sequence where it carries one (after all that do not), else by time."""
        if self.sequence is None:
            return False, "", self.time, self.event_id
        return True, self.sequence, EQUAL, self.event_id

    @property
    def between_sources(self) -> tuple[datetime, str, str]:
        """Orders the last words of different sources."""
        return self.time, self.source, self.event_id

    def beats(self, other: Version) -> bool:
        """Whether this is the higher of two versions; of equal versions neither is."""
        if self.source == other.source:
            return self.within_source > other.within_source
        return self.between_sources > other.between_sources


EQUAL = datetime.min  # noqa: DTZ901 - a constant that two sequences share, never a moment


def last_word(words: Iterable[T], version: Callable[[T], Version]) -> T | None:
    """The word that counts: each source's last one, and of those the latest. None of no words.

    Not a maximum of pairs: a source may follow a late word by an earlier-dated one, so `beats` is not transitive.
    """
    last: dict[str, T] = {}
    for word in words:
        stamp = version(word)
        known = last.get(stamp.source)
        if known is None or stamp.within_source > version(known).within_source:
            last[stamp.source] = word
    return max(last.values(), key=lambda word: version(word).between_sources, default=None)


def first_word(words: Iterable[T], version: Callable[[T], Version]) -> T | None:
    """`last_word` turned round: each source's first word, and of those the earliest."""
    first: dict[str, T] = {}
    for word in words:
        stamp = version(word)
        known = first.get(stamp.source)
        if known is None or stamp.within_source < version(known).within_source:
            first[stamp.source] = word
    return min(first.values(), key=lambda word: version(word).between_sources, default=None)
