"""What a process remembers of schools: all their facts, as long as nobody else has changed them.

A school's facts are written under its lock alone, and its row counts the transactions that changed them. A remembered
school is valid exactly while that number, read under the lock, is unchanged. A transaction takes a school out of the
memory and puts it back after its commit, so that uncommitted facts are never remembered.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sync.facts import AT_ONCE, GROUP_ROSTER, Assertion, FactType, Key
from sync.ids import GroupId, OrganisationId, PersonId
from sync.ports.facts import Fact
from sync.roster import Roster
from sync.timelines import Timeline

BYTES_AN_ASSERTION = 1_000  # measured: an assertion with its version, its key and its places in the indexes
MET = 10_000  # how many recently met schools are kept track of


class School:
    """The facts of one school, found by their keys and by any of their columns."""

    def __init__(
        self, assertions: Iterable[Assertion], persons: Iterable[PersonId], mentions: Iterable[tuple[PersonId, GroupId]]
    ) -> None:
        """`persons` are those tied to the school; `mentions` are all (student, group) in which the group ever named the
        student.
        """
        self._timelines: dict[FactType, dict[Key, Timeline]] = defaultdict(dict)
        self._roster: Roster | None = None
        self._indexes: dict[tuple[FactType, tuple[str, ...]], dict[Key, set[Key]]] = {}
        self._dated: set[Fact] = set()
        self.persons = set(persons)
        self.groups_of: dict[PersonId, set[GroupId]] = defaultdict(set)
        self.students_of: dict[GroupId, set[PersonId]] = defaultdict(set)
        self.size = 0
        timelines: dict[Fact, list[Assertion]] = defaultdict(list)
        for assertion in assertions:
            timelines[assertion.kind, assertion.key].append(assertion)
        self.learn({fact: tuple(timeline) for fact, timeline in timelines.items()})
        self._mention(mentions)

    def learn(self, timelines: Mapping[Fact, Timeline]) -> None:
        """Puts new timelines in the place of what was known of these facts."""
        for (kind, key), timeline in timelines.items():
            before = self._timelines[kind].get(key, ())
            self.size += len(timeline) - len(before)
            self._timelines[kind][key] = timeline
            if self._roster is not None:
                self._roster.learn(kind, key, timeline)
            for (of, columns), index in self._indexes.items():
                if of is kind:
                    _reindex(index, columns, key, before, timeline)
            if any(assertion.effective_on > AT_ONCE for assertion in timeline):
                self._dated.add((kind, key))
            if kind is GROUP_ROSTER:
                self._mention(
                    (student, key[1]) for assertion in timeline for student in assertion.value.student_ids or ()
                )

    def _mention(self, mentions: Iterable[tuple[PersonId, GroupId]]) -> None:
        for student, group in mentions:
            self.groups_of[student].add(group)
            self.students_of[group].add(student)

    def of(self, kind: FactType) -> Mapping[Key, Timeline]:
        return self._timelines.get(kind, {})

    def roster(self, organisation_id: OrganisationId, day: date) -> Roster:
        """The school on a day; what was worked out for it is remembered until the day is another."""
        if self._roster is None or self._roster.day != day:
            self._roster = Roster(organisation_id, day, self)
        return self._roster

    def timeline(self, fact: Fact) -> Timeline:
        kind, key = fact
        return self._timelines[kind].get(key, ())

    def assertions(self, kind: FactType, columns: Sequence[str], values: Key) -> Iterator[Assertion]:
        """The assertions of a kind whose columns have these values."""
        if len(columns) == len(kind.key) and tuple(columns) == kind.key:
            yield from self._timelines[kind].get(values, ())
            return
        index = self._indexes.get((kind, tuple(columns)))
        if index is None:
            index = self._indexes[kind, tuple(columns)] = self._indexed(kind, tuple(columns))
        for key in index.get(values, ()):
            for assertion in self._timelines[kind][key]:
                if _values(assertion, columns) == values:
                    yield assertion

    def _indexed(self, kind: FactType, columns: tuple[str, ...]) -> dict[Key, set[Key]]:
        index: dict[Key, set[Key]] = {}
        for key, timeline in self._timelines[kind].items():
            _reindex(index, columns, key, (), timeline)
        return index

    def starting(self, after: date, until: date) -> Iterator[Fact]:
        """The facts of which an assertion starts in (after, until]."""
        return (fact for fact in self._dated if any(after < w.effective_on <= until for w in self.timeline(fact)))

    def next_start(self, after: date) -> date | None:
        """The first day later than this on which an assertion starts."""
        days = (
            assertion.effective_on
            for fact in self._dated
            for assertion in self.timeline(fact)
            if assertion.effective_on > after
        )
        return min(days, default=None)

    def facts(self) -> dict[Fact, Timeline]:
        """All facts that have at least one assertion."""
        return {(kind, key): line for kind, of in self._timelines.items() for key, line in of.items() if line}


def _values(assertion: Assertion, columns: Sequence[str]) -> Key:
    return tuple(_value(assertion, column) for column in columns)


def _value(assertion: Assertion, column: str) -> Any:
    if column in assertion.kind.key:
        return assertion.key[assertion.kind.key.index(column)]
    return getattr(assertion.value, column)


def _reindex(index: dict[Key, set[Key]], columns: tuple[str, ...], key: Key, before: Timeline, after: Timeline) -> None:
    now = {_values(assertion, columns) for assertion in after}
    for values in {_values(assertion, columns) for assertion in before} - now:
        index[values].discard(key)
    for values in now:
        index.setdefault(values, set()).add(key)


class Memory:
    """Schools by id, each with the number that its facts had. Beyond `bytes_at_most` the least recently used go."""

    def __init__(self, bytes_at_most: int) -> None:
        self._assertions_at_most = bytes_at_most // BYTES_AN_ASSERTION
        self._schools: OrderedDict[OrganisationId, tuple[int, School]] = OrderedDict()
        self._met: OrderedDict[OrganisationId, None] = OrderedDict()
        self._assertions = 0

    def take(self, organisation_id: OrganisationId, facts_no: int) -> School | None:
        """Takes a school out, if what is remembered is what is stored; forgets it if not."""
        number, school = self._schools.pop(organisation_id, (0, None))
        if school is None:
            return None
        self._assertions -= school.size
        return school if number == facts_no else None

    def keep(self, organisation_id: OrganisationId, facts_no: int, school: School) -> None:
        """Remembers a school as it was committed."""
        self.take(organisation_id, facts_no)
        self._schools[organisation_id] = facts_no, school
        self._assertions += school.size
        while self._assertions > self._assertions_at_most and self._schools:
            self._assertions -= self._schools.popitem(last=False)[1][1].size

    def meets(self, organisation_id: OrganisationId) -> bool:
        """Whether a school was met recently, so that loading all of its facts is worth while."""
        if not self._assertions_at_most:
            return False
        known = organisation_id in self._met
        self._met[organisation_id] = None
        self._met.move_to_end(organisation_id)
        if len(self._met) > MET:
            self._met.popitem(last=False)
        return known
