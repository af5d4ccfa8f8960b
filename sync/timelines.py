"""What holds on a day: a fact's assertions, by source and by the day from which each counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sync.facts import Assertion
from sync.versions import latest_assertion

Timeline = tuple[Assertion, ...]


def holding(timeline: Sequence[Assertion], day: date) -> Assertion | None:
    """The assertion that counts on `day`, or None before the first."""
    return latest_assertion([assertion for assertion in timeline if assertion.effective_on <= day])


def merged(timeline: Sequence[Assertion], news: Iterable[Assertion]) -> Timeline:
    """The timeline with the new assertions, without those that can never count again, whatever other sources say.

    Only an assertion of the same source can supersede it for good (a later one that starts no later): between sources
    the order is not transitive, so an assertion beaten by another source's may still count again.
    """
    assertions = {
        (assertion.version.source, assertion.version.event_id): assertion for assertion in (*timeline, *news)
    }.values()
    return tuple(assertion for assertion in assertions if not any(_puts_away(other, assertion) for other in assertions))


def _puts_away(other: Assertion, assertion: Assertion) -> bool:
    return (
        other.version.source == assertion.version.source
        and other.effective_on <= assertion.effective_on
        and other.version.within_source > assertion.version.within_source
    )


def course(timeline: Timeline) -> list[Any]:
    """The values that count one after the other, disregarding sources and days."""
    held = [holding(timeline, day) for day in sorted({assertion.effective_on for assertion in timeline})]
    values = [assertion.value for assertion in held if assertion is not None]
    return [value for value, _ in groupby(values)]


def beaten_by(timeline: Sequence[Assertion], assertion: Assertion) -> Assertion | None:
    """The one that counts in place of `assertion` on its first day, if `assertion` counts on no day at all; else None.

    `timeline` is the merged one, whether or not `assertion` is still in it.
    """
    days = {other.effective_on for other in timeline if other.effective_on > assertion.effective_on} | {
        assertion.effective_on
    }
    holders = {day: holding(timeline, day) for day in days}
    if any(holder is not None and holder.version == assertion.version for holder in holders.values()):
        return None
    return holders[assertion.effective_on]


def starts_after(timeline: Iterable[Assertion], day: date) -> Iterable[date]:
    """The days later than `day` on which an assertion of the timeline begins to count."""
    return (assertion.effective_on for assertion in timeline if assertion.effective_on > day)
