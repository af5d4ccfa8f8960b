"""From what was touched to the persons, classes, groups and chats it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import ORGANISATION, Pair
from sync import chats
from sync.facts import (
    CHAT_ADMINISTRATOR,
    CHAT_STATE,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    PLACEMENT,
    Kind,
    Word,
)
from sync.slices import Cause, latest_cause
from sync.touched import CHAT, CLASS, EVERYBODY, GROUP, PERSON, RETRY, STUDENT, TITLE, YEAR, Touch


@dataclass(slots=True)
class Gathered:
    """What is being gathered, for all schools of the batch together."""

    causes: dict[Pair, Cause] = field(default_factory=dict)
    students: dict[Pair, Cause] = field(default_factory=dict)
    moved_on: set[Pair] = field(default_factory=set)  # students whose class's year changed
    retried: set[Pair] = field(default_factory=set)
    classes: set[Pair] = field(default_factory=set)
    groups: set[Pair] = field(default_factory=set)
    chats: set[Pair] = field(default_factory=set)
    words: dict[tuple[Kind, tuple[str, ...], str, date], Word] = field(default_factory=dict)

    def person(self, school: str, person: str | None, cause: Cause) -> None:
        if person is not None:
            known = self.causes.get((school, person))
            self.causes[school, person] = latest_cause(known, cause)

    def student(self, school: str, student: str, cause: Cause) -> None:
        self.person(school, student, cause)
        self.students[school, student] = self.causes[school, student]

    def keep(self, words: Sequence[Word]) -> Sequence[Word]:
        for word in words:
            self.words[word.kind, word.key, word.version.source, word.effective_on] = word
        return words

    @property
    def studying(self) -> set[Pair]:
        """The students among the persons, and those whose class moved on."""
        placed = {(key[0], key[1]) for kind, key, *_ in self.words if kind is PLACEMENT}
        return placed & (self.causes.keys() | self.moved_on)

    @property
    def persons(self) -> list[Pair]:
        return sorted(self.causes)

    @property
    def schools(self) -> set[str]:
        return {school for school, _ in self.causes} | {
            school for school, _ in self.chats | self.classes | self.moved_on
        }


class Gathering:
    def __init__(self, facts: FactsAtHand) -> None:
        self._facts = facts

    async def gather(self, causes: Mapping[Touch, Cause]) -> Gathered:
        gathered = Gathered()
        by_kind: dict[str, dict[Pair, Cause]] = defaultdict(dict)
        for touch, cause in causes.items():
            by_kind[touch.kind][touch.organisation_id, touch.id] = cause
        for (school, person), cause in (*by_kind[PERSON].items(), *by_kind[RETRY].items()):
            gathered.person(school, person, cause)
        gathered.retried |= by_kind[RETRY].keys()
        for (school, student), cause in by_kind[STUDENT].items():
            gathered.student(school, student, cause)
        gathered.chats |= by_kind[TITLE].keys() | by_kind[CHAT].keys()
        gathered.classes |= by_kind[CLASS].keys()
        await self._everybody(by_kind[EVERYBODY], gathered)
        await self._chats(by_kind, gathered)
        await self._groups(by_kind, gathered)
        await self._classes(by_kind[CLASS], gathered)
        await self._guardians(gathered)
        for word in await self._facts.words(PLACEMENT, (ORGANISATION, "class_id"), by_kind[YEAR]):
            gathered.moved_on.add((word.key[0], word.key[1]))
        return gathered

    async def _everybody(self, schools: Mapping[Pair, Cause], gathered: Gathered) -> None:
        for school, person in await self._facts.tied([school for school, _ in schools]):
            gathered.person(school, person, schools[school, school])

    async def _chats(self, by_kind: Mapping[str, dict[Pair, Cause]], gathered: Gathered) -> None:
        touched = dict(by_kind[CHAT])
        for (school, class_id), cause in by_kind[CLASS].items():
            touched[school, chats.class_chat(class_id)] = touched[school, chats.parents_chat(class_id)] = cause
        for word in await self._facts.words(HAND_PICK, (ORGANISATION, "chat_id"), touched):
            gathered.person(word.key[0], word.key[2], touched[word.key[0], word.key[1]])
        for word in await self._facts.words(CHAT_STATE, (ORGANISATION, "chat_id"), by_kind[CHAT]):
            if word.value.group_id is not None:
                by_kind[GROUP].setdefault((word.key[0], word.value.group_id), touched[word.key[0], word.key[1]])
        schools = {school: cause for (school, _), cause in touched.items()}
        for word in await self._facts.words(CHAT_ADMINISTRATOR, (ORGANISATION,), [(school,) for school in schools]):
            gathered.person(word.key[0], word.value.employee_id, schools[word.key[0]])

    async def _groups(self, by_kind: Mapping[str, dict[Pair, Cause]], gathered: Gathered) -> None:
        groups = by_kind[GROUP]
        gathered.groups |= groups.keys()
        for school, student, group in await self._facts.named_by_groups(groups):
            gathered.person(school, student, groups[school, group])
        for word in await self._facts.words(GROUP_TEACHER, (ORGANISATION, "group_id"), groups):
            gathered.person(word.key[0], word.value.employee_id, groups[word.key[0], word.key[1]])
        whole: dict[Pair, Cause] = {}
        for word in await self._facts.words(GROUP_STATE, (ORGANISATION, "group_id"), groups):
            if word.value.class_id is not None:
                whole[word.key[0], word.value.class_id] = groups[word.key[0], word.key[1]]
        for word in await self._facts.words(PLACEMENT, (ORGANISATION, "class_id"), whole):
            gathered.person(word.key[0], word.key[1], whole[word.key[0], word.value.class_id])

    async def _classes(self, classes: Mapping[Pair, Cause], gathered: Gathered) -> None:
        for word in await self._facts.words(PLACEMENT, (ORGANISATION, "class_id"), classes):
            gathered.student(word.key[0], word.key[1], classes[word.key[0], word.value.class_id])
        for word in await self._facts.words(HOMEROOM, (ORGANISATION, "class_id"), classes):
            gathered.person(word.key[0], word.value.employee_id, classes[word.key[0], word.key[1]])

    async def _guardians(self, gathered: Gathered) -> None:
        students = dict(gathered.students)
        for word in await self._facts.words(GUARDIANSHIP, (ORGANISATION, "student_id"), students):
            gathered.person(word.key[0], word.key[1], students[word.key[0], word.key[2]])
