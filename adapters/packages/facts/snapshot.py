"""What a package states: facts, and those it states the whole truth of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import groupby

from adapters.packages.facts.known import Known, Stated
from adapters.packages.findings import Findings
from adapters.packages.options import ClassesMode, Options
from adapters.packages.roster.roster import Roster, Section
from adapters.packages.spill.mappings import Shelf, Shelves
from sync.facts import CLASS_STATE, Key, Kind

NEW_YEAR = (8, 1)  # the school year begins on 1 August where the package does not say


class Snapshot:
    """`whole`: the organisations of which the package knows every fact of a kind, so that others have ended.

    `home`: the organisation that each person described is spoken of to. Of a delta, `gone`: the facts that it says are
    no more; `left`: the class that a student has left.
    """

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._facts: dict[Kind, Shelf[Key, Stated]] = {}
        self._gone: dict[Kind, Shelf[Key, bool]] = {}
        self._lives: Shelf[tuple[str, str], bool] = shelves.shelf()  # by person and organisation
        self.home: Shelf[str, str] = shelves.shelf()
        self.whole: dict[Kind, AbstractSet[str]] = {}
        self.left: Shelf[Key, str] = shelves.shelf()
        self.delta = False

    @property
    def kinds(self) -> Iterable[Kind]:
        """The kinds of which anything is stated."""
        return tuple(self._facts)

    def state(self, kind: Kind, key: Key, stated: Stated) -> None:
        self.of(kind)[key] = stated

    def end(self, kind: Kind, key: Key) -> None:
        """Says that a fact is no more; stating it all the same is stronger."""
        self.gone(kind)[key] = True

    def of(self, kind: Kind) -> Shelf[Key, Stated]:
        if kind not in self._facts:
            self._facts[kind] = self._shelves.shelf()
        return self._facts[kind]

    def gone(self, kind: Kind) -> Shelf[Key, bool]:
        if kind not in self._gone:
            self._gone[kind] = self._shelves.shelf()
        return self._gone[kind]

    def live_in(self, person_id: str, organisation_id: str) -> None:
        self._lives[person_id, organisation_id] = True

    def homes(self) -> Iterator[tuple[str, str]]:
        """A person of several schools is spoken of to the one with the lowest id, whatever the order of the rows."""
        for person_id, lives in groupby(self._lives, key=lambda life: life[0]):
            yield person_id, next(lives)[1]


class Reading:
    """A roster on its way to a snapshot: what counts as a class where, and on which day."""

    def __init__(self, roster: Roster, options: Options, findings: Findings, known: Known | None) -> None:
        self.roster = roster
        self.options = options
        self.findings = findings
        self.known = known or {}
        self.day = options.day
        self.snapshot = Snapshot(roster.shelves)
        self.graded = self._graded()

    @property
    def school_year(self) -> str:
        begins = self.day.year if (self.day.month, self.day.day) >= NEW_YEAR else self.day.year - 1
        return f"{begins:04}/{begins + 1:04}"

    def is_class(self, section: Section) -> bool:
        return section.homeroom or self.options.classes is ClassesMode.SECTIONS

    def is_current(self, begins_on: date | None) -> bool:
        return begins_on is None or begins_on <= self.day

    def is_over(self, ends_on: date | None) -> bool:
        return self.options.is_over(ends_on)

    def effective_on(self, begins_on: date | None) -> date | None:
        """The day to send with what begins on a day: only one that is still to come."""
        return None if self.is_current(begins_on) else begins_on

    def _graded(self) -> frozenset[str]:
        """The schools without homerooms, whose classes are made of grades."""
        if self.options.classes is not ClassesMode.AUTO:
            return frozenset()
        with_homerooms = {section.organisation_id for section in self.roster.all_sections() if section.homeroom}
        known = self.known.get(CLASS_STATE, {})
        in_database = {school for school, class_id in known if not is_graded(class_id, school)}
        schools = set(self.roster.schools)
        if self.roster.changes is not None:  # a delta has no row of a school that stays as it is
            schools |= {school for school, _ in known}
        return frozenset(schools - with_homerooms - in_database)


def graded_class(organisation_id: str, grade: str) -> str:
    """The id of the class that a grade is in a school without homerooms."""
    return f"{organisation_id}:grade:{grade}"


def is_graded(class_id: str, organisation_id: str) -> bool:
    return class_id.startswith(graded_class(organisation_id, ""))
