"""From what is affected to the persons, classes, groups and chats it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import ORGANISATION, Pair
from sync import chats
from sync.affected import CHAT, CLASS, EVERYBODY, GROUP, PERSON, RETRY, STUDENT, TITLE, YEAR, Affected
from sync.facts import (
    CHAT_ADMINISTRATOR,
    CHAT_STATE,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    PLACEMENT,
    Assertion,
    FactType,
    Key,
)
from sync.ids import ChatId, ClassId, GroupId, OrganisationId, PersonId
from sync.planning_scope import Cause, latest_cause
from sync.roster import Roster
from sync.roster.facts import Facts


@dataclass(slots=True)
class Gathered:
    """What is being gathered, for all schools of the batch together."""

    causes: dict[tuple[OrganisationId, PersonId], Cause] = field(default_factory=dict)
    students: dict[tuple[OrganisationId, PersonId], Cause] = field(default_factory=dict)
    moved_on: set[tuple[OrganisationId, PersonId]] = field(default_factory=set)  # students whose class's year changed
    retried: set[tuple[OrganisationId, PersonId]] = field(default_factory=set)
    classes: set[tuple[OrganisationId, ClassId]] = field(default_factory=set)
    groups: set[tuple[OrganisationId, GroupId]] = field(default_factory=set)
    chats: set[tuple[OrganisationId, ChatId]] = field(default_factory=set)
    assertions: dict[tuple[FactType, Key, str, date], Assertion] = field(default_factory=dict)

    def person(self, school: OrganisationId, person: PersonId | None, cause: Cause) -> None:
        if person is not None:
            known = self.causes.get((school, person))
            self.causes[school, person] = latest_cause(known, cause)

    def student(self, school: OrganisationId, student: PersonId, cause: Cause) -> None:
        self.person(school, student, cause)
        self.students[school, student] = self.causes[school, student]

    def keep(self, assertions: Sequence[Assertion]) -> Sequence[Assertion]:
        for assertion in assertions:
            self.assertions[assertion.kind, assertion.key, assertion.version.source, assertion.effective_on] = assertion
        return assertions

    @property
    def may_study(self) -> set[Pair]:
        """The persons, and the students whose class moved on."""
        return self.causes.keys() | self.moved_on

    @property
    def studying(self) -> set[Pair]:
        """The students among them."""
        placed: set[Pair] = {(key[0], key[1]) for kind, key, *_ in self.assertions if kind is PLACEMENT}
        return placed & self.may_study

    def rosters(self, days: Mapping[OrganisationId, date]) -> dict[OrganisationId, Roster]:
        facts: dict[OrganisationId, Facts] = defaultdict(Facts)
        for assertion in self.assertions.values():
            facts[assertion.key[0]].add((assertion,))
        return {school: Roster(school, days[school], facts[school]) for school in self.schools}

    def without(self, schools: Collection[OrganisationId]) -> Gathered:
        """What was gathered of other schools."""
        return Gathered(
            causes={pair: cause for pair, cause in self.causes.items() if pair[0] not in schools},
            students={pair: cause for pair, cause in self.students.items() if pair[0] not in schools},
            moved_on={pair for pair in self.moved_on if pair[0] not in schools},
            classes={pair for pair in self.classes if pair[0] not in schools},
            groups={pair for pair in self.groups if pair[0] not in schools},
            chats={pair for pair in self.chats if pair[0] not in schools},
        )

    @property
    def persons(self) -> list[Pair]:
        return sorted(self.causes)

    @property
    def schools(self) -> set[OrganisationId]:
        return {school for school, _ in self.causes} | {
            school for school, _ in self.chats | self.classes | self.moved_on
        }


class Gathering:
    def __init__(self, facts: FactsAtHand) -> None:
        self._facts = facts

    async def gather(self, causes: Mapping[Affected, Cause]) -> Gathered:
        gathered = Gathered()
        by_kind: dict[str, dict[Pair, Cause]] = defaultdict(dict)
        for affected, cause in causes.items():
            by_kind[affected.kind][affected.organisation_id, affected.id] = cause
        for (school, person), cause in (*by_kind[PERSON].items(), *by_kind[RETRY].items()):
            gathered.person(school, person, cause)
        gathered.retried |= by_kind[RETRY].keys()
        for (school, student), cause in by_kind[STUDENT].items():
            gathered.student(school, student, cause)
        gathered.chats |= by_kind[TITLE].keys() | by_kind[CHAT].keys()
        gathered.classes |= by_kind[CLASS].keys()
        gathered.chats |= chats_of_classes(gathered.classes)
        await self._everybody(by_kind[EVERYBODY], gathered)
        await self._chats(by_kind, gathered)
        await self._groups(by_kind, gathered)
        await self._classes(by_kind[CLASS], gathered)
        await self._guardians(gathered)
        for assertion in await self._facts.assertions(PLACEMENT, (ORGANISATION, "class_id"), by_kind[YEAR]):
            gathered.moved_on.add((assertion.key[0], assertion.key[1]))
        return gathered

    async def _everybody(self, schools: Mapping[Pair, Cause], gathered: Gathered) -> None:
        for school, person in await self._facts.tied([school for school, _ in schools]):
            gathered.person(school, person, schools[school, school])

    async def _chats(self, by_kind: Mapping[str, dict[Pair, Cause]], gathered: Gathered) -> None:
        of_chats = dict(by_kind[CHAT])
        for (school, class_id), cause in by_kind[CLASS].items():
            of_chats[school, chats.class_chat(class_id)] = of_chats[school, chats.parents_chat(class_id)] = cause
        for assertion in await self._facts.assertions(HAND_PICK, (ORGANISATION, "chat_id"), of_chats):
            gathered.person(assertion.key[0], assertion.key[2], of_chats[assertion.key[0], assertion.key[1]])
        for assertion in await self._facts.assertions(CHAT_STATE, (ORGANISATION, "chat_id"), by_kind[CHAT]):
            if assertion.value.group_id is not None:
                by_kind[GROUP].setdefault(
                    (assertion.key[0], assertion.value.group_id), of_chats[assertion.key[0], assertion.key[1]]
                )
        schools = {school: cause for (school, _), cause in of_chats.items()}
        for assertion in await self._facts.assertions(
            CHAT_ADMINISTRATOR, (ORGANISATION,), [(school,) for school in schools]
        ):
            gathered.person(assertion.key[0], assertion.value.employee_id, schools[assertion.key[0]])

    async def _groups(self, by_kind: Mapping[str, dict[Pair, Cause]], gathered: Gathered) -> None:
        groups = by_kind[GROUP]
        gathered.groups |= groups.keys()
        for school, student, group in await self._facts.named_by_groups(groups):
            gathered.person(school, student, groups[school, group])
        for assertion in await self._facts.assertions(GROUP_TEACHER, (ORGANISATION, "group_id"), groups):
            gathered.person(assertion.key[0], assertion.value.employee_id, groups[assertion.key[0], assertion.key[1]])
        whole: dict[Pair, Cause] = {}
        for assertion in await self._facts.assertions(GROUP_STATE, (ORGANISATION, "group_id"), groups):
            if assertion.value.class_id is not None:
                whole[assertion.key[0], assertion.value.class_id] = groups[assertion.key[0], assertion.key[1]]
        for assertion in await self._facts.assertions(PLACEMENT, (ORGANISATION, "class_id"), whole):
            gathered.person(assertion.key[0], assertion.key[1], whole[assertion.key[0], assertion.value.class_id])

    async def _classes(self, classes: Mapping[Pair, Cause], gathered: Gathered) -> None:
        for assertion in await self._facts.assertions(PLACEMENT, (ORGANISATION, "class_id"), classes):
            gathered.student(assertion.key[0], assertion.key[1], classes[assertion.key[0], assertion.value.class_id])
        for assertion in await self._facts.assertions(HOMEROOM, (ORGANISATION, "class_id"), classes):
            gathered.person(assertion.key[0], assertion.value.employee_id, classes[assertion.key[0], assertion.key[1]])

    async def _guardians(self, gathered: Gathered) -> None:
        students = dict(gathered.students)
        for assertion in await self._facts.assertions(GUARDIANSHIP, (ORGANISATION, "student_id"), students):
            gathered.person(assertion.key[0], assertion.key[1], students[assertion.key[0], assertion.key[2]])


def chats_of_classes(classes: Iterable[tuple[OrganisationId, ClassId]]) -> set[tuple[OrganisationId, ChatId]]:
    """The chats that classes have by themselves."""
    of_class = (chats.class_chat, chats.parents_chat)
    return {(school, chat_of(class_id)) for school, class_id in classes for chat_of in of_class}
