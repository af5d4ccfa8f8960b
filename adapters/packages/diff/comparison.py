"""Whether a fact that a package states is news, and which known facts it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any

from adapters.packages.facts.joined import ENROLMENT, Enrolment
from adapters.packages.facts.known import Known, Was, sorted_keys
from adapters.packages.facts.snapshot import Snapshot, Stated
from adapters.packages.facts.standing import stands
from sync.facts import (
    BLOCK,
    GROUP_TEACHER,
    HOMEROOM,
    Key,
    Kind,
)

FEW = 0.5  # a snapshot with fewer of the known students than this share removes nobody


class Comparison:
    """A snapshot beside what was. `held` are the schools of which it shows too few of the students known."""

    def __init__(self, snapshot: Snapshot, known: Known | None, source: str) -> None:
        self.snapshot = snapshot
        self.known = known or {}
        self.source = source
        self._has_base = known is not None
        self.held: frozenset[str] = frozenset(self._with_few_students())

    def was(self, kind: Kind, key: Key) -> Any:
        """The value known to hold, or None."""
        known = self._known(kind, key)
        return None if known is None else known.value

    def news(self, kind: Kind) -> Iterator[tuple[Key, Stated]]:
        """The facts of a kind that are stated and were not so, sorted."""
        for key, stated in self.snapshot.of(kind).entries():
            if self._is_new(kind, key, self._said(kind, key, stated)):
                yield key, stated

    def is_news(self, kind: Kind, key: Key) -> bool:
        """Whether a fact is stated and was not so."""
        return self._is_new(kind, key, self.stated(kind, key))

    def _is_new(self, kind: Kind, key: Key, stated: Stated | None) -> bool:
        known = self._known(kind, key)
        return stated is not None and (known is None or not _holds(known, stated, self.source))

    def stated(self, kind: Kind, key: Key) -> Stated | None:
        """What the snapshot states, save for a «nobody» that is not its to say."""
        return self._said(kind, key, self.snapshot.of(kind).get(key))

    def _said(self, kind: Kind, key: Key, stated: Stated | None) -> Stated | None:
        if stated is None or kind not in {HOMEROOM, GROUP_TEACHER} or stated.value.employee_id is not None:
            return stated
        if self.snapshot.delta:
            return stated
        known = self._known(kind, key)
        is_ours = known is None or (known.source == self.source and key[0] not in self.held)
        return stated if is_ours else None

    def spoken_of(self, state: Kind, *others: Kind) -> Iterator[Key]:
        """The classes or groups of which anything is stated, sorted, save for those that `state` ends."""
        stated = merge(*(self.snapshot.of(kind) for kind in (state, *others)))
        return (key for key, _ in groupby(stated) if not self._is_ended(state, key))

    def ended(self, kind: Kind) -> Iterator[Key]:
        """The facts of a kind that are said to be no more, sorted.

        Those that the package names, whoever set them; and those that this source last set, and of which its whole
        truth knows nothing any more.
        """
        candidates = merge(self.snapshot.gone(kind), sorted_keys(self.known.get(kind, {})))
        return (key for key, _ in groupby(candidates) if self._is_ended(kind, key))

    def _is_ended(self, kind: Kind, key: Key) -> bool:
        if key in self.snapshot.of(kind):
            return False
        if key in self.snapshot.gone(kind) and self._can_end(kind, key):
            return True
        known = self._known(kind, key)
        is_ours = known is not None and known.source == self.source and stands(known, self.source)
        return is_ours and key[0] in self.snapshot.whole.get(kind, ()) and key[0] not in self.held

    def _can_end(self, kind: Kind, key: Key) -> bool:
        """Whether there is anything to end; with nothing to compare with there may be. Only our own blocks end."""
        known = self._known(kind, key)
        if known is None:
            return not self._has_base
        return stands(known) and (kind is not BLOCK or known.source == self.source)

    def _known(self, kind: Kind, key: Key) -> Was | None:
        return self.known.get(kind, {}).get(key)

    def _with_few_students(self) -> Iterator[str]:
        whole, stated = self.snapshot.whole.get(ENROLMENT, ()), self.snapshot.of(ENROLMENT)
        known, there = Counter[str](), Counter[str]()
        for key, was in self.known.get(ENROLMENT, {}).items() if whole else ():
            if key[0] in whole and was.source == self.source and stands(was, self.source):
                known[key[0]] += 1
                there[key[0]] += key in stated
        return (school for school in known if there[school] < FEW * known[school])


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
