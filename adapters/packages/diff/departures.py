"""Who goes from a class that is not there any more to another one, and from which day on."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from adapters.packages.facts.joined import ENROLMENT
from adapters.packages.facts.known import Known, known_entries
from adapters.packages.facts.snapshot import Snapshot
from adapters.packages.facts.standing import is_on
from adapters.packages.spill.mappings import SpillMap
from sync.facts import CLASS_STATE, GROUP_ROSTER, Key


class Departure(NamedTuple):
    """How many of a class go to another, and how many do not; the last day that is still to come, None of none."""

    gone: int = 0
    left: int = 0
    last_day: date | None = None


class Departures:
    """Of the known classes of which a package says nothing, or says that they are gone."""

    def __init__(self, snapshot: Snapshot, known: Known) -> None:
        self._known = known
        self._by_class: SpillMap[Key, Departure] = snapshot.mapping()
        self._later: SpillMap[Key, bool] = snapshot.mapping()
        missing = {key for key in known.get(CLASS_STATE, {}) if self._is_missing(snapshot, key)}
        for key, was in known_entries(known.get(ENROLMENT, {})) if missing else ():
            of_class = (key[0], was.value.class_id) if is_on(was.value) else None
            if of_class is not None and of_class in missing:
                self._add(snapshot, of_class, key)

    def of(self, key: Key) -> Departure:
        """What becomes of a class's students."""
        departure: Departure = self._by_class.get(key, Departure())
        return departure

    def is_left_later(self, group: Key) -> bool:
        """Whether some of a group's students go to another class on a day that is still to come."""
        was = self._known.get(GROUP_ROSTER, {}).get(group)
        students = getattr(was.value, "student_ids", None) if was is not None else None
        return any((group[0], student) in self._later for student in students or ())

    @staticmethod
    def _is_missing(snapshot: Snapshot, key: Key) -> bool:
        return key in snapshot.gone(CLASS_STATE) if snapshot.delta else key not in snapshot.of(CLASS_STATE)

    def _add(self, snapshot: Snapshot, of_class: Key, key: Key) -> None:
        before, stated = self.of(of_class), snapshot.of(ENROLMENT).get(key)
        if stated is None or stated.value.class_id == of_class[1]:
            self._by_class[of_class] = before._replace(left=before.left + 1)
            return
        days = [day for day in (before.last_day, stated.effective_on) if day is not None]
        self._by_class[of_class] = Departure(before.gone + 1, before.left, max(days, default=None))
        if stated.effective_on is not None:
            self._later[key] = True
