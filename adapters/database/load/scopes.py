"""Loading slices: from the persons whom touches mean to all the facts that their rules may ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, select

from adapters.database.bulk import Bulk
from adapters.database.load.accounts import StoredAccounts
from adapters.database.load.assembled import assembled
from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import ORGANISATION, Pair
from adapters.database.load.gathering import Gathered, Gathering
from adapters.database.rows import room_of
from adapters.database.tables import organisations, places, removals, rooms, school_years
from sync import chats
from sync.accounts import accounts_in, by_person
from sync.facts import (
    ATTENDANCE,
    BLOCK,
    CHAT_ADMINISTRATOR,
    CHAT_NAME,
    CHAT_STATE,
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    DENIAL,
    EMPLOYMENT,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    PLACEMENT,
    POSITION,
    REGISTRATION,
)
from sync.guards import Seen
from sync.places import ARCHIVED, GONE, NOBODY, OUT, Room
from sync.platform import PROVIDERS
from sync.slices import Cause, Slice
from sync.touched import Touch


class Scopes:
    """Loads what planning needs of schools, out of the facts at hand and of what others may have written since."""

    def __init__(self, bulk: Bulk, facts: FactsAtHand, accounts: StoredAccounts) -> None:
        self._bulk = bulk
        self._facts = facts
        self._accounts = accounts

    async def load(self, causes: Mapping[Touch, Cause], days: Mapping[str, date]) -> dict[str, Slice]:
        if not causes:
            return {}
        gathered = await Gathering(self._facts).gather(causes)
        standing = await self._standing(gathered)
        await self._facts_of_persons(gathered)
        await self._everything_for_administrators(gathered)
        await self._facts_of_groups(gathered)
        await self._facts_of_chats(gathered)
        known = await self._rooms_of_chats(gathered)
        accounts = await self._accounts_of(gathered)
        reached = await self._bulk.matching(school_years, (ORGANISATION, "student_id"), gathered.studying)
        return assembled(gathered, days, known, standing=standing, accounts=accounts, reached=reached)

    # from persons to facts

    async def _facts_of_persons(self, gathered: Gathered) -> None:
        people = gathered.persons
        keep, words = gathered.keep, self._facts.words
        of_person, of_guardian = (ORGANISATION, "person_id"), (ORGANISATION, "guardian_id")
        of_student, of_employee = (ORGANISATION, "student_id"), (ORGANISATION, "employee_id")
        keep(await words(BLOCK, of_person, people))
        keep(await words(EMPLOYMENT, of_employee, people))
        keep(await words(POSITION, of_employee, people))
        wards = [*keep(await words(DENIAL, of_guardian, people)), *keep(await words(GUARDIANSHIP, of_guardian, people))]
        students = {*people, *gathered.moved_on, *((w.key[0], w.key[2]) for w in wards)}
        keep(await words(ATTENDANCE, of_student, students))
        placed = keep(await words(PLACEMENT, of_student, students))
        led = keep(await words(HOMEROOM, of_employee, people))
        picks = keep(await words(HAND_PICK, of_person, people))
        taught = keep(await words(GROUP_TEACHER, of_employee, people))
        gathered.classes |= {(w.key[0], w.value.class_id) for w in placed}
        gathered.classes |= {(w.key[0], w.key[1]) for w in led}
        gathered.chats |= {(w.key[0], w.key[1]) for w in picks}
        gathered.groups |= {(w.key[0], w.key[1]) for w in taught}
        gathered.groups |= {(school, group) for school, _, group in await self._facts.groups_naming(people)}

    async def _everything_for_administrators(self, gathered: Gathered) -> None:
        """R8 speaks of every chat: where a chat administrator is planned, all of the school's are needed."""
        schools, words = [(school,) for school in sorted(gathered.schools)], self._facts.words
        gathered.keep(await words(REGISTRATION, (ORGANISATION,), schools))
        ever = gathered.keep(await words(CHAT_ADMINISTRATOR, (ORGANISATION,), schools))
        planned = {(w.key[0],) for w in ever if (w.key[0], w.value.employee_id) in gathered.causes}
        for word in await words(CLASS_STATE, (ORGANISATION,), planned):
            gathered.classes.add((word.key[0], word.key[1]))
        for word in await words(CHAT_STATE, (ORGANISATION,), planned):
            gathered.chats.add((word.key[0], word.key[1]))

    async def _facts_of_groups(self, gathered: Gathered) -> None:
        of_group, words = (ORGANISATION, "group_id"), self._facts.words
        for word in await words(GROUP_STATE, (ORGANISATION, "class_id"), gathered.classes):
            gathered.groups.add((word.key[0], word.key[1]))
        states = gathered.keep(await words(GROUP_STATE, of_group, gathered.groups))
        gathered.classes |= {(w.key[0], w.value.class_id) for w in states if w.value.class_id is not None}
        gathered.keep(await words(GROUP_TEACHER, of_group, gathered.groups))
        gathered.keep(await words(GROUP_ROSTER, of_group, gathered.groups))
        served = await words(CHAT_STATE, of_group, gathered.groups)
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
        for kind in (CLASS_STATE, CLASS_NAME, CLASS_YEAR, HOMEROOM):
            gathered.keep(await self._facts.words(kind, of_class, gathered.classes))
        for kind in (CHAT_STATE, CHAT_NAME):
            gathered.keep(await self._facts.words(kind, of_chat, gathered.chats))

    # places, rooms and accounts: others may have written them since

    async def _standing(self, gathered: Gathered) -> Sequence[Any]:
        """The places of the persons, each with the chat of its room."""
        of = [places.c.organisation_id, places.c.person_id]
        rows = await self._bulk.ask(_standing, of, gathered.persons, [*places.columns, rooms.c.chat_id])
        gathered.chats |= {(row.organisation_id, row.chat_id) for row in rows}
        return rows

    async def _rooms_of_chats(self, gathered: Gathered) -> dict[int, Room]:
        found = await self._bulk.matching(rooms, (ORGANISATION, "chat_id"), gathered.chats)
        closing = [(row.room_no,) for row in found if _closing(row)]
        now = await self._bulk.ask(locked_rooms, [rooms.c.room_no], sorted(closing), list(rooms.columns))
        return {row.room_no: room_of(row) for row in (*found, *now)}

    async def _accounts_of(self, gathered: Gathered) -> Mapping[str, Mapping[str, Any]]:
        """Each school's accounts: of the provider that its platform needs, and as they count there."""
        words = await self._accounts.histories({person for _, person in gathered.causes})
        bounds = await self._accounts.bounds({word.version.source for said in words.values() for word in said})
        histories = {provider: by_person(said) for provider, said in words.items()}
        schools = [(school,) for school in gathered.schools]
        rows = await self._bulk.matching(organisations, (ORGANISATION,), schools)
        return {
            row.organisation_id: accounts_in(row.organisation_id, histories.get(PROVIDERS[row.platform], {}), bounds)
            for row in rows
        }

    # for the guards

    async def removals_since(self, since: Mapping[str, datetime]) -> dict[str, frozenset[Pair]]:
        """The counted removals planned since, as (chat, person), by school."""
        found: dict[str, set[Pair]] = {school: set() for school in since}
        of = [removals.c.organisation_id, removals.c["at"]]
        data = list(since.items())
        for row in await self._bulk.ask(_removals, of, data, [*removals.columns, rooms.c.chat_id]):
            found[row.organisation_id].add((row.chat_id, row.person_id))
        return {school: frozenset(pairs) for school, pairs in found.items()}

    async def seen(self, organisation_ids: Collection[str]) -> dict[str, Seen]:
        """Who is on the platform, by school; `removed` is empty."""
        of = [places.c.organisation_id]
        returned = [places.c.organisation_id, rooms.c.chat_id, places.c.person_id]
        by_chat: dict[str, dict[str, set[str]]] = {school: {} for school in organisation_ids}
        for row in await self._bulk.ask(_seen_places, of, [(school,) for school in organisation_ids], returned):
            by_chat[row.organisation_id].setdefault(row.chat_id, set()).add(row.person_id)
        return {school: _seen(of_chat) for school, of_chat in by_chat.items()}


def _closing(row: Any) -> bool:
    """Whether its archiving may go out any moment: until planning has written, no settler is to decide on it."""
    return bool(row.wanted_life == ARCHIVED and row.observed_life not in {ARCHIVED, GONE})


def _standing(given: FromClause) -> Any:
    own = (places.c.organisation_id == given.c.organisation_id) & (places.c.person_id == given.c.person_id)
    joined = given.join(places, own).join(rooms, rooms.c.room_no == places.c.room_no)
    return select(*places.columns, rooms.c.chat_id).select_from(joined)


def locked_rooms(given: FromClause) -> Any:
    """The rooms as they are now, locked in the order of their numbers."""
    chosen = rooms.c.room_no.in_(select(given.c.room_no))
    return select(rooms).where(chosen).order_by(rooms.c.room_no).with_for_update()


def _removals(given: FromClause) -> Any:
    own = (given.c.organisation_id == removals.c.organisation_id) & (removals.c["at"] > given.c["at"])
    joined = given.join(removals, own).join(rooms, rooms.c.room_no == removals.c.room_no)
    return select(*removals.columns, rooms.c.chat_id).select_from(joined)


def _seen_places(given: FromClause) -> Any:
    joined = given.join(places, given.c.organisation_id == places.c.organisation_id).join(
        rooms, rooms.c.room_no == places.c.room_no
    )
    there = places.c.account != NOBODY, places.c.observed != OUT
    return select(places.c.organisation_id, rooms.c.chat_id, places.c.person_id).select_from(joined).where(*there)


def _seen(by_chat: Mapping[str, set[str]]) -> Seen:
    everybody = frozenset(person for persons in by_chat.values() for person in persons)
    return Seen(everybody, {chat: frozenset(persons) for chat, persons in by_chat.items()}, frozenset())
