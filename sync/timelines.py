"""What holds on a day: a fact's words, by source and by the day from which each counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sync.facts import Word
from sync.versions import last_word

Timeline = tuple[Word, ...]


def holding(timeline: Iterable[Word], day: date) -> Word | None:
    """The word that counts on `day`, or None before the first."""
    return last_word((word for word in timeline if word.effective_on <= day), lambda word: word.version)


def merged(timeline: Sequence[Word], news: Iterable[Word]) -> Timeline:
    """The timeline with the new words in it, less what can never count again whatever another source says.

    Only a word's own source may put it out of the way (a later word of it that starts no later): between sources the
    order is not transitive, so a word beaten by another source's may yet come back.
    """
    words = {(word.version.source, word.version.event_id): word for word in (*timeline, *news)}.values()
    return tuple(word for word in words if not any(_puts_away(other, word) for other in words))


def _puts_away(other: Word, word: Word) -> bool:
    return (
        other.version.source == word.version.source
        and other.effective_on <= word.effective_on
        and other.version.within_source > word.version.within_source
    )


def beaten_by(timeline: Sequence[Word], word: Word) -> Word | None:
    """The word that counts in place of `word` on its first day, if `word` counts on no day at all; else None.

    `timeline` is the merged one, whether or not `word` is still in it.
    """
    days = {other.effective_on for other in timeline if other.effective_on > word.effective_on} | {word.effective_on}
    holders = {day: holding(timeline, day) for day in days}
    if any(holder is not None and holder.version == word.version for holder in holders.values()):
        return None
    return holders[word.effective_on]


def starts_after(timeline: Iterable[Word], day: date) -> Iterable[date]:
    """The days later than `day` on which a word of the timeline begins to count."""
    return (word.effective_on for word in timeline if word.effective_on > day)
