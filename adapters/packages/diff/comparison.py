"""Whether a fact that a package states is news, and which known facts it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any

from adapters.packages.diff.departures import Departures
from adapters.packages.diff.endings import Endings
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT, Enrolment
from adapters.packages.facts.known import Known, Was, sorted_keys
from adapters.packages.facts.snapshot import Snapshot, Stated
from adapters.packages.facts.standing import is_on, stands
from adapters.packages.findings import Findings
from sync.facts import (
    BLOCK,
    CLASS_STATE,
    GROUP_TEACHER,
    HOMEROOM,
    FactType,
    Key,
)


class Comparison:
    """A snapshot beside what was. `few` are the schools, by the facts, of which it shows too few to end any; `silent`
    those of which it has no row, and something stays for that.
    """

    def __init__(self, snapshot: Snapshot, known: Known | None, source: str, findings: Findings) -> None:
        self.snapshot = snapshot
        self.known = known or {}
        self.source = source
        self._has_base = known is not None
        self._departures = Departures(snapshot, self.known)
        self._endings = None if snapshot.delta else Endings(snapshot, self.known, source, self._departures, findings)
        self.few: Mapping[FactType, frozenset[str]] = {} if self._endings is None else self._endings.few
        self.silent: Mapping[FactType, AbstractSet[str]] = {} if self._endings is None else self._endings.silent

    def was(self, kind: FactType, key: Key) -> Any:
        """The value known to hold, or None."""
        known = self._known(kind, key)
        return None if known is None else known.value

    def news(self, kind: FactType) -> Iterator[tuple[Key, Stated]]:
        """The facts of a kind that are stated and were not so, sorted."""
        for key, stated in self.snapshot.of(kind).entries():
            if self._is_new(kind, key, self._said(kind, key, stated)):
                yield key, stated

    def is_news(self, kind: FactType, key: Key) -> bool:
        """Whether a fact is stated and was not so."""
        return self._is_new(kind, key, self.stated(kind, key))

    def _is_new(self, kind: FactType, key: Key, stated: Stated | None) -> bool:
        known = self._known(kind, key)
        return stated is not None and (known is None or not _holds(known, stated, self.source))

    def stated(self, kind: FactType, key: Key) -> Stated | None:
        """What the snapshot states, save for a «nobody» that is not its to say."""
        return self._said(kind, key, self.snapshot.of(kind).get(key))

    def _said(self, kind: FactType, key: Key, stated: Stated | None) -> Stated | None:
        if stated is None or kind not in {HOMEROOM, GROUP_TEACHER} or stated.value.employee_id is not None:
            return stated
        if self.snapshot.delta:
            return stated
        known = self._known(kind, key)
        if known is None:
            return stated
        stays = any(self.has_few(of, key[0]) for of in (EMPLOYMENT, ENROLMENT)) or self.keeps(kind, key)
        return stated if known.source == self.source and not stays else None

    def keeps(self, kind: FactType, key: Key) -> bool:
        """Whether what is known of a class or group stays, as no row of its school is of that kind."""
        return self._endings is not None and self._endings.is_silent(kind, key)

    def has_few(self, kind: FactType, organisation_id: str) -> bool:
        """Whether the package shows so few of a kind in a school that none of it is to end there."""
        return organisation_id in self.few.get(kind, ())

    def closing_day(self, key: Key) -> date | None:
        """The last of the days to come on which students of a class go to another; None where it closes at once."""
        return self._departures.of(key).last_day

    def spoken_of(self, state: FactType, *others: FactType) -> Iterator[Key]:
        """The classes or groups of which anything is stated, sorted, save for those that `state` ends."""
        stated = merge(*(self.snapshot.of(kind) for kind in (state, *others)))
        return (key for key, _ in groupby(stated) if not self._is_ended(state, key))

    def ended(self, kind: FactType) -> Iterator[Key]:
        """The facts of a kind that are said to be no more, sorted.

        Those that the package names, whoever set them; and those that this source last set, and of which its whole
        truth knows nothing any more.
        """
        candidates = merge(self.snapshot.gone(kind), sorted_keys(self.known.get(kind, {})))
        return (key for key, _ in groupby(candidates) if self._is_ended(kind, key))

    def _is_ended(self, kind: FactType, key: Key) -> bool:
        if key in self.snapshot.of(kind) or (kind is CLASS_STATE and self._is_closing(key)):
            return False
        if key in self.snapshot.gone(kind) and self._can_end(kind, key):
            return True
        return self._endings is not None and self._endings.ends(kind, key)

    def _is_closing(self, key: Key) -> bool:
        """Whether it is announced already that a class closes on the day it is to."""
        known, day = self._known(CLASS_STATE, key), self.closing_day(key)
        if known is None or day is None:
            return False
        return any(not is_on(ahead.value) and ahead.effective_on <= day for ahead in known.ahead)

    def _can_end(self, kind: FactType, key: Key) -> bool:
        """Whether there is anything to end; with nothing to compare with there may be. Only our own blocks end."""
        known = self._known(kind, key)
        if known is None:
            return not self._has_base
        return stands(known) and (kind is not BLOCK or known.source == self.source)

    def _known(self, kind: FactType, key: Key) -> Was | None:
        return self.known.get(kind, {}).get(key)


def _holds(known: Was, stated: Stated, source: str) -> bool:
    """Whether it is so from the stated day on, as far as this source has announced."""
    day = stated.effective_on or date.min
    begun = [known.value, *(ahead.value for ahead in known.ahead if ahead.effective_on <= day)]
    later = [ahead.value for ahead in known.ahead if ahead.effective_on > day and ahead.source == source]
    return all(_is_same(value, stated.value) for value in (begun[-1], *later))


def _is_same(known: object, stated: object) -> bool:
    if isinstance(known, Enrolment) and isinstance(stated, Enrolment):
        return known.class_id == stated.class_id
    return known == stated
