"""Loading a slice: from what was touched to the persons it means, and to all the facts their rules may ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from adapters.database.facts import FactTables
from adapters.database.people import People, by_person
from adapters.database.tables import group_mentions, organisations, places, rooms, ties
from adapters.database.types import EPOCH, MICROSECOND
from sync import chats
from sync.accounts import accounts_of
from sync.facts import (
    BLOCK,
    CHAT_ADMINISTRATOR,
    CHAT_NAME,
    CHAT_STATE,
    CLAIM,
    CLASS_NAME,
    CLASS_STATE,
    DENIAL,
    EMPLOYMENT,
    ENROLMENT,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    REGISTRATION,
    Kind,
    Word,
)
from sync.places import ARCHIVED, GONE, KeptReason, Place, Room
from sync.roster import Facts, Roster
from sync.slices import Cause, Slice
from sync.touched import CHAT, CLASS, EVERYBODY, GROUP, PERSON, STUDENT, TITLE, Touch

Pair = tuple[str, str]  # (organisation, id)

PROVIDERS = {"max": "max", "vk": "vk_id"}


@dataclass(slots=True)
class Gathered:
    """What is being gathered, for all schools of the batch together."""

    causes: dict[Pair, Cause] = field(default_factory=dict)
    students: dict[Pair, Cause] = field(default_factory=dict)
    classes: set[Pair] = field(default_factory=set)
    groups: set[Pair] = field(default_factory=set)
    chats: set[Pair] = field(default_factory=set)
    words: dict[tuple[Kind, tuple[str, ...], str, date], Word] = field(default_factory=dict)

    def person(self, school: str, person: str | None, cause: Cause) -> None:
        if person is not None:
            known = self.causes.get((school, person))
            self.causes[school, person] = _latest(known, cause)

    def student(self, school: str, student: str, cause: Cause) -> None:
        self.person(school, student, cause)
        self.students[school, student] = self.causes[school, student]

    def keep(self, words: Sequence[Word]) -> Sequence[Word]:
        for word in words:
            self.words[word.kind, word.key, word.version.source, word.effective_on] = word
        return words

    @property
    def persons(self) -> list[Pair]:
        return sorted(self.causes)

    @property
    def schools(self) -> set[str]:
        return {school for school, _ in self.causes} | {school for school, _ in self.chats | self.classes}


def _latest(known: Cause | None, cause: Cause) -> Cause:
    if known is None:
        return cause
    return Cause(max(known.event_no, cause.event_no), known.by_event or cause.by_event)


ORGANISATION = "organisation_id"


class Slices(FactTables, People):
    async def load(self, causes: Mapping[Touch, Cause], days: Mapping[str, date]) -> dict[str, Slice]:
        if not causes:
            return {}
        gathered = Gathered()
        await self._expand(causes, gathered)
        standing = await self.matching(places, (ORGANISATION, "person_id"), gathered.persons)
        known = await self._rooms_of(standing, gathered)
        await self._facts_of_persons(gathered)
        await self._everything_for_administrators(gathered)
        await self._facts_of_groups(gathered)
        await self._facts_of_chats(gathered)
        known |= await self._rooms_of_chats(gathered)
        accounts = await self._accounts(gathered)
        return _slices(gathered, days, known, standing, accounts)

    # from touches to persons

    async def _expand(self, causes: Mapping[Touch, Cause], gathered: Gathered) -> None:
        by_kind: dict[str, dict[Pair, Cause]] = defaultdict(dict)
        for touch, cause in causes.items():
            by_kind[touch.kind][touch.organisation_id, touch.id] = cause
        for (school, person), cause in by_kind[PERSON].items():
            gathered.person(school, person, cause)
        for (school, student), cause in by_kind[STUDENT].items():
            gathered.student(school, student, cause)
        gathered.chats |= by_kind[TITLE].keys() | by_kind[CHAT].keys()
        gathered.classes |= by_kind[CLASS].keys()
        await self._expand_everybody(by_kind[EVERYBODY], gathered)
        await self._expand_chats(by_kind, gathered)
        await self._expand_groups(by_kind, gathered)
        await self._expand_classes(by_kind[CLASS], gathered)
        await self._expand_guardians(gathered)

    async def _expand_everybody(self, schools: Mapping[Pair, Cause], gathered: Gathered) -> None:
        for row in await self.matching(ties, (ORGANISATION,), [(school,) for school, _ in schools]):
            gathered.person(row.organisation_id, row.person_id, schools[row.organisation_id, row.organisation_id])

    async def _expand_chats(self, by_kind: Mapping[str, dict[Pair, Cause]], gathered: Gathered) -> None:
        touched = dict(by_kind[CHAT])
        for (school, class_id), cause in by_kind[CLASS].items():
            touched[school, chats.class_chat(class_id)] = touched[school, chats.parents_chat(class_id)] = cause
        for word in await self.words(HAND_PICK, (ORGANISATION, "chat_id"), touched):
            gathered.person(word.key[0], word.key[2], touched[word.key[0], word.key[1]])
        for word in await self.words(CHAT_STATE, (ORGANISATION, "chat_id"), by_kind[CHAT]):
            if word.value.group_id is not None:
                by_kind[GROUP].setdefault((word.key[0], word.value.group_id), touched[word.key[0], word.key[1]])
        schools = {school: cause for (school, _), cause in touched.items()}
        for word in await self.words(CHAT_ADMINISTRATOR, (ORGANISATION,), [(school,) for school in schools]):
            gathered.person(word.key[0], word.value.employee_id, schools[word.key[0]])

    async def _expand_groups(self, by_kind: Mapping[str, dict[Pair, Cause]], gathered: Gathered) -> None:
        groups = by_kind[GROUP]
        gathered.groups |= groups.keys()
        for row in await self.matching(group_mentions, (ORGANISATION, "group_id"), groups):
            gathered.person(row.organisation_id, row.student_id, groups[row.organisation_id, row.group_id])
        for word in await self.words(GROUP_TEACHER, (ORGANISATION, "group_id"), groups):
            gathered.person(word.key[0], word.value.employee_id, groups[word.key[0], word.key[1]])
        whole: dict[Pair, Cause] = {}
        for word in await self.words(GROUP_STATE, (ORGANISATION, "group_id"), groups):
            if word.value.class_id is not None:
                whole[word.key[0], word.value.class_id] = groups[word.key[0], word.key[1]]
        for word in await self.words(ENROLMENT, (ORGANISATION, "class_id"), whole):
            gathered.person(word.key[0], word.key[1], whole[word.key[0], word.value.class_id])

    async def _expand_classes(self, classes: Mapping[Pair, Cause], gathered: Gathered) -> None:
        for word in await self.words(ENROLMENT, (ORGANISATION, "class_id"), classes):
            gathered.student(word.key[0], word.key[1], classes[word.key[0], word.value.class_id])
        for word in await self.words(HOMEROOM, (ORGANISATION, "class_id"), classes):
            gathered.person(word.key[0], word.value.employee_id, classes[word.key[0], word.key[1]])

    async def _expand_guardians(self, gathered: Gathered) -> None:
        students = dict(gathered.students)
        for word in await self.words(GUARDIANSHIP, (ORGANISATION, "student_id"), students):
            gathered.person(word.key[0], word.key[1], students[word.key[0], word.key[2]])

    # from persons to facts

    async def _facts_of_persons(self, gathered: Gathered) -> None:
        people = gathered.persons
        keep, words = gathered.keep, self.words
        of_person, of_guardian = (ORGANISATION, "person_id"), (ORGANISATION, "guardian_id")
        of_student, of_employee = (ORGANISATION, "student_id"), (ORGANISATION, "employee_id")
        keep(await words(BLOCK, of_person, people))
        keep(await words(EMPLOYMENT, of_employee, people))
        wards = [*keep(await words(DENIAL, of_guardian, people)), *keep(await words(GUARDIANSHIP, of_guardian, people))]
        places_ = keep(await words(ENROLMENT, of_student, {*people, *((w.key[0], w.key[2]) for w in wards)}))
        led = keep(await words(HOMEROOM, of_employee, people))
        picks = keep(await words(HAND_PICK, of_person, people))
        taught = keep(await words(GROUP_TEACHER, of_employee, people))
        named = await self.matching(group_mentions, of_student, people)
        gathered.classes |= {(w.key[0], w.value.class_id) for w in places_ if w.value.class_id is not None}
        gathered.classes |= {(w.key[0], w.key[1]) for w in led}
        gathered.chats |= {(w.key[0], w.key[1]) for w in picks}
        gathered.groups |= {(w.key[0], w.key[1]) for w in taught}
        gathered.groups |= {(row.organisation_id, row.group_id) for row in named}

    async def _everything_for_administrators(self, gathered: Gathered) -> None:
        """R8 speaks of every chat: where a chat administrator is planned, all of the school's are needed."""
        schools = [(school,) for school in sorted(gathered.schools)]
        gathered.keep(await self.words(REGISTRATION, (ORGANISATION,), schools))
        ever = gathered.keep(await self.words(CHAT_ADMINISTRATOR, (ORGANISATION,), schools))
        planned = {(w.key[0],) for w in ever if (w.key[0], w.value.employee_id) in gathered.causes}
        for word in await self.words(CLASS_STATE, (ORGANISATION,), planned):
            gathered.classes.add((word.key[0], word.key[1]))
        for word in await self.words(CHAT_STATE, (ORGANISATION,), planned):
            gathered.chats.add((word.key[0], word.key[1]))

    async def _facts_of_groups(self, gathered: Gathered) -> None:
        of_group = (ORGANISATION, "group_id")
        classes = {(school, class_id) for school, class_id in gathered.classes}
        for word in await self.words(GROUP_STATE, (ORGANISATION, "class_id"), classes):
            gathered.groups.add((word.key[0], word.key[1]))
        states = gathered.keep(await self.words(GROUP_STATE, of_group, gathered.groups))
        gathered.classes |= {(w.key[0], w.value.class_id) for w in states if w.value.class_id is not None}
        gathered.keep(await self.words(GROUP_TEACHER, of_group, gathered.groups))
        gathered.keep(await self.words(GROUP_ROSTER, of_group, gathered.groups))
        served = await self.words(CHAT_STATE, of_group, gathered.groups)
        gathered.chats |= {(w.key[0], w.key[1]) for w in served}

    async def _facts_of_chats(self, gathered: Gathered) -> None:
        for school, chat_id in gathered.chats:
            class_id = chats.class_of(chat_id)
            if class_id is not None:
                gathered.classes.add((school, class_id))
        for school, class_id in gathered.classes:
            gathered.chats |= {(school, chats.class_chat(class_id)), (school, chats.parents_chat(class_id))}
        gathered.chats |= {(school, chats.staff_chat(school)) for school in gathered.schools}
        of_class, of_chat = (ORGANISATION, "class_id"), (ORGANISATION, "chat_id")
        for kind in (CLASS_STATE, CLASS_NAME, HOMEROOM):
            gathered.keep(await self.words(kind, of_class, gathered.classes))
        for kind in (CHAT_STATE, CHAT_NAME):
            gathered.keep(await self.words(kind, of_chat, gathered.chats))
        claimed = {("class", id_) for _, id_ in gathered.classes}
        claimed |= {("group", id_) for _, id_ in gathered.groups} | {("chat", id_) for _, id_ in gathered.chats}
        gathered.keep(await self.words(CLAIM, ("entity", "entity_id"), claimed))

    # rooms and accounts

    async def _rooms_of(self, standing: Sequence[Any], gathered: Gathered) -> dict[int, Room]:
        found = await self.matching(rooms, ("room_no",), {(row.room_no,) for row in standing})
        gathered.chats |= {(row.organisation_id, row.chat_id) for row in found}
        return {row.room_no: room_of(row) for row in found}

    async def _rooms_of_chats(self, gathered: Gathered) -> dict[int, Room]:
        found = await self.matching(rooms, ("chat_id",), {(chat_id,) for _, chat_id in gathered.chats})
        closing = [
            row.room_no for row in found if _closing(row) and (row.organisation_id, row.chat_id) in gathered.chats
        ]
        return {row.room_no: room_of(row) for row in (*found, *await self._locked(closing))}

    async def _locked(self, room_nos: Collection[int]) -> Sequence[Any]:
        """The rooms as they are now, locked in the order of their numbers."""
        if not room_nos:
            return ()
        given = self.rows([rooms.c.room_no], [(room_no,) for room_no in sorted(room_nos)])
        chosen = rooms.c.room_no.in_(select(given.c.room_no))
        return await self.fetch(select(rooms).where(chosen).order_by(rooms.c.room_no).with_for_update())

    async def _accounts(self, gathered: Gathered) -> Mapping[str, Mapping[str, Any]]:
        """Each school's accounts: of the provider that its platform needs."""
        histories = await self.account_words({person for _, person in gathered.causes})
        of_provider = {provider: accounts_of(by_person(words)) for provider, words in histories.items()}
        schools = [(school,) for school in gathered.schools]
        rows = await self.matching(organisations, (ORGANISATION,), schools)
        return {row.organisation_id: of_provider.get(PROVIDERS[row.platform], {}) for row in rows}


def _slices(
    gathered: Gathered,
    days: Mapping[str, date],
    known: Mapping[int, Room],
    standing: Sequence[Any],
    accounts: Mapping[str, Mapping[str, Any]],
) -> dict[str, Slice]:
    facts = _facts_by_school(gathered)
    causes: dict[str, dict[str, Cause]] = defaultdict(dict)
    for (school, person), cause in gathered.causes.items():
        causes[school][person] = cause
    chats_of: dict[str, set[str]] = defaultdict(set)
    for school, chat_id in gathered.chats:
        chats_of[school].add(chat_id)
    places_of: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for row in standing:
        places_of[row.organisation_id][row.person_id].append(place_of(row))
    rooms_of: dict[str, dict[int, Room]] = defaultdict(dict)
    asking = _by_second(gathered.chats)
    for room in known.values():
        for school in asking.get(room.chat_id, ()):
            rooms_of[school][room.room_no] = room
    return {
        school: Slice(
            school,
            Roster(school, days[school], facts[school]),
            causes[school],
            chats_of[school],
            accounts.get(school, {}),
            rooms_of[school],
            places_of[school],
        )
        for school in sorted(gathered.schools)
    }


def _facts_by_school(gathered: Gathered) -> Mapping[str, Facts]:
    """The words by school; a claim goes to every school that asks whose the entity is."""
    facts: dict[str, Facts] = defaultdict(Facts)
    entities = {"class": gathered.classes, "group": gathered.groups, "chat": gathered.chats}
    asking = {entity: _by_second(pairs) for entity, pairs in entities.items()}
    for word in gathered.words.values():
        schools: Iterable[str] = (word.key[0],) if word.kind.of_organisation else asking[word.key[0]][word.key[1]]
        for school in schools:
            facts[school].add((word,))
    return facts


def _by_second(pairs: Iterable[Pair]) -> Mapping[str, list[str]]:
    schools: dict[str, list[str]] = defaultdict(list)
    for school, id_ in pairs:
        schools[id_].append(school)
    return schools


def _closing(row: Any) -> bool:
    """Whether its archiving may go out any moment: until planning has written, no settler is to decide on it."""
    return row.wanted_life == ARCHIVED and row.observed_life not in {ARCHIVED, GONE}


def room_of(row: Any) -> Room:
    flying = row.in_flight or {}
    unconfirmed = row.observed_life == "unknown" and row.external_chat_id is not None
    return Room(
        row.room_no,
        row.organisation_id,
        row.chat_id,
        row.life,
        row.wanted_title,
        row.wanted_life,
        row.observed_life,
        row.external_chat_id,
        archive_sent=unconfirmed or flying.get("act") == "archive",
    )


def place_of(row: Any) -> Place:
    return Place(
        row.organisation_id,
        row.person_id,
        row.room_no,
        row.account,
        row.wanted,
        tuple(KeptReason(reason, role, cause, EPOCH + at * MICROSECOND) for reason, role, cause, at in row.reasons),
        row.cause_no,
        row.wanted_at,
        row.leaving,
        row.hold_no,
        row.observed,
        row.left_at,
    )
