"""Facts at hand: out of what is remembered of a school, else as they are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from adapters.database.load.facts import Pair, StoredFacts
from adapters.database.load.remembered import Memory, School
from sync.facts import FACT_TYPES, PLACEMENT, Assertion, FactType
from sync.ids import GroupId, OrganisationId, PersonId
from sync.ports.facts import ANNOUNCED, Fact
from sync.roster import Roster
from sync.timelines import Timeline

WORTH_IT = 20  # events of one school in a batch, from which on loading all of its facts is cheaper


class FactsAtHand:
    """The facts of one transaction. Report writes by `learn`; call `remember` after the commit."""

    def __init__(self, stored: StoredFacts, memory: Memory | None) -> None:
        self._stored = stored
        self._memory = memory
        self._schools: dict[OrganisationId, School] = {}
        self._numbers: dict[OrganisationId, int] = {}

    async def enter(self, numbers: Mapping[OrganisationId, int], events: Mapping[OrganisationId, int]) -> None:
        """To be called once schools are locked. `numbers`: how many times their facts have changed; `events`: how many
        events the batch has of each. Schools that are remembered, or worth loading whole, are read from memory from now
        on.
        """
        if self._memory is None:
            return
        self._numbers |= numbers
        wanted = []
        for school, number in numbers.items():
            known = self._memory.take(school, number)
            met = self._memory.meets(school)
            if known is not None:
                self._schools[school] = known
            elif met or events.get(school, 0) >= WORTH_IT:
                wanted.append(school)
        self._schools |= await self._whole(wanted)

    async def _whole(self, schools: Sequence[OrganisationId]) -> dict[OrganisationId, School]:
        if not schools:
            return {}
        keys = [(school,) for school in schools]
        assertions: dict[OrganisationId, list[Assertion]] = {school: [] for school in schools}
        for kind in FACT_TYPES:
            for assertion in await self._stored.assertions(kind, kind.key[:1], keys):
                assertions[assertion.key[0]].append(assertion)
        persons: dict[OrganisationId, list[PersonId]] = defaultdict(list)
        for school, person in await self._stored.tied(schools):
            persons[school].append(person)
        mentions: dict[OrganisationId, list[tuple[PersonId, GroupId]]] = defaultdict(list)
        for school, *mention in await self._stored.mentions_of_schools(schools):
            mentions[school].append((mention[0], mention[1]))
        return {school: School(assertions[school], persons[school], mentions[school]) for school in schools}

    def learn(self, timelines: Mapping[Fact, Timeline]) -> None:
        """What was written of facts in this transaction."""
        of_school: dict[OrganisationId, dict[Fact, Timeline]] = defaultdict(dict)
        for (kind, key), timeline in timelines.items():
            of_school[key[0]][kind, key] = timeline
        for school, changed in of_school.items():
            if school in self._schools:
                self._schools[school].learn(changed)

    def tie(self, pairs: Iterable[Pair]) -> None:
        for school, person in pairs:
            if school in self._schools:
                self._schools[school].persons.add(person)

    def remember(self, changed: Collection[OrganisationId]) -> None:
        """To be called after the commit. `changed`: the schools whose facts changed: their stored number is now one
        higher.
        """
        for key, school in self._schools.items():
            if self._memory is not None:
                self._memory.keep(key, self._numbers[key] + (key in changed), school)

    # asking

    def rosters(
        self, schools: Iterable[OrganisationId], days: Mapping[OrganisationId, date]
    ) -> dict[OrganisationId, Roster]:
        """Those of these schools that are in memory, as a whole."""
        at_hand = {key: self._schools[key] for key in schools if key in self._schools}
        return {key: school.roster(key, days[key]) for key, school in at_hand.items()}

    def placed(self, students: Iterable[Pair]) -> set[Pair]:
        """Those of these (organisation, student) that a school in memory has ever placed in a class."""
        return {pair for pair in students if self._schools[pair[0]].timeline((PLACEMENT, pair))}

    async def assertions(
        self, kind: FactType, columns: Sequence[str], keys: Iterable[Sequence[Any]]
    ) -> list[Assertion]:
        """The assertions of a kind whose columns, the school first, have one of the given values."""
        found: list[Assertion] = []
        rest = []
        for key in set(map(tuple, keys)):
            school = self._schools.get(key[0])
            if school is None:
                rest.append(key)
            else:
                found.extend(school.assertions(kind, columns, key))
        return [*found, *await self._stored.assertions(kind, columns, rest)] if rest else found

    async def timelines(self, facts: Collection[Fact]) -> dict[Fact, Timeline]:
        """The stored timelines of facts; facts without any assertion are not in it."""
        found: dict[Fact, Timeline] = {}
        rest: dict[FactType, list[tuple[str, ...]]] = defaultdict(list)
        for fact in facts:
            school = self._schools.get(fact[1][0])
            if school is None:
                rest[fact[0]].append(fact[1])
            elif timeline := school.timeline(fact):
                found[fact] = timeline
        stored: dict[Fact, list[Assertion]] = defaultdict(list)
        for kind, keys in rest.items():
            for assertion in await self._stored.assertions(kind, kind.key, keys):
                stored[kind, assertion.key].append(assertion)
        return found | {fact: tuple(assertions) for fact, assertions in stored.items()}

    async def tied(self, schools: Iterable[OrganisationId]) -> list[Pair]:
        """Everybody whom the schools know, as (organisation, person)."""
        rest = []
        found: list[Pair] = []
        for key in schools:
            school = self._schools.get(key)
            if school is None:
                rest.append(key)
            else:
                found.extend((key, person) for person in school.persons)
        return [*found, *await self._stored.tied(rest)] if rest else found

    async def known_ties(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Those of the (organisation, person) that are tied already."""
        found, rest = set(), []
        for pair in pairs:
            school = self._schools.get(pair[0])
            if school is None:
                rest.append(pair)
            elif pair[1] in school.persons:
                found.add(pair)
        return found | await self._stored.known_ties(rest) if rest else found

    async def groups_naming(self, students: Iterable[Pair]) -> list[tuple[OrganisationId, Any, Any]]:
        """Which groups have ever named these students, as (organisation, student, group)."""
        rest, found = [], []
        for pair in students:
            school = self._schools.get(pair[0])
            if school is None:
                rest.append(pair)
            else:
                found += [(*pair, group) for group in school.groups_of.get(pair[1], ())]
        return [*found, *await self._stored.mentions("student_id", rest)] if rest else found

    async def named_by_groups(self, groups: Iterable[Pair]) -> list[tuple[OrganisationId, Any, Any]]:
        """Whom these groups have ever named, as (organisation, student, group)."""
        rest, found = [], []
        for pair in groups:
            school = self._schools.get(pair[0])
            if school is None:
                rest.append(pair)
            else:
                found += [(pair[0], student, pair[1]) for student in school.students_of.get(pair[1], ())]
        return [*found, *await self._stored.mentions("group_id", rest)] if rest else found

    async def starting(self, rolls: Mapping[OrganisationId, tuple[date, date]]) -> dict[Fact, Timeline]:
        """The timelines in which an assertion starts in (after, until], by school."""
        facts = {
            fact for key, span in rolls.items() if key in self._schools for fact in self._schools[key].starting(*span)
        }
        rest = {school: span for school, span in rolls.items() if school not in self._schools}
        return await self.timelines(facts | (await self._stored.starting(rest) if rest else set()))

    async def next_starts(self, after: Mapping[OrganisationId, date]) -> dict[OrganisationId, date]:
        """The first day later than the given one on which an assertion starts, by school; none: not in it."""
        at_hand = {key: self._schools[key].next_start(day) for key, day in after.items() if key in self._schools}
        rest = {school: day for school, day in after.items() if school not in self._schools}
        found = {school: day for school, day in at_hand.items() if day is not None}
        return found | (await self._stored.next_starts(rest) if rest else {})

    async def announced(self, names: Collection[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
        """Which of (organisation, entity, id) are announced in that school."""
        found: set[tuple[str, str, str]] = set()
        for entity, kinds in ANNOUNCED.items():
            for kind in kinds:
                asked = [(school, id_)[: len(kind.key)] for school, of, id_ in names if of == entity]
                found |= {
                    (assertion.key[0], entity, assertion.key[-1])
                    for assertion in await self.assertions(kind, kind.key, asked)
                }
        return found
