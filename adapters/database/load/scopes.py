"""Loading scopes: from the persons who are affected to all the facts that their rules may ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import FromClause, and_, exists, or_, select

from adapters.database.bulk import Bulk
from adapters.database.load.accounts import StoredAccounts
from adapters.database.load.assembled import Accounts, assembled, places_of
from adapters.database.load.at_hand import FactsAtHand
from adapters.database.load.facts import ORGANISATION, Pair
from adapters.database.load.gathering import Gathered, Gathering, chats_of_classes
from adapters.database.rows import room_of
from adapters.database.schema import organisations, places, rooms, school_years
from sync import chats
from sync.accounts import Account, Bounds, Histories, accounts_in
from sync.affected import MOVED, Affected
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
from sync.ids import OrganisationId, PersonId, RoomNo
from sync.places import ARCHIVED, GONE, IN, NOBODY, OPEN, OUT, Room
from sync.planning_scope import Cause, PlanningScope
from sync.platform import PROVIDERS


class Scopes:
    """Loads what planning needs of schools, out of the facts at hand and of what others may have written since."""

    def __init__(self, bulk: Bulk, facts: FactsAtHand, accounts: StoredAccounts) -> None:
        self._bulk = bulk
        self._facts = facts
        self._accounts = accounts

    async def load(
        self, causes: Mapping[Affected, Cause], days: Mapping[OrganisationId, date]
    ) -> dict[OrganisationId, PlanningScope]:
        if not causes:
            return {}
        moved = {
            (affected.organisation_id, affected.id): cause
            for affected, cause in causes.items()
            if affected.kind == MOVED
        }
        gathered = await Gathering(self._facts).gather(causes)
        if moved:
            await self._whoever_stands_in(moved, gathered)
        standing = await places_of(await self._standing(gathered))
        await asyncio.sleep(0)  # with a large school each of these steps takes long
        rosters = self._facts.rosters(gathered.schools, days)
        studying = self._facts.placed(pair for pair in gathered.may_study if pair[0] in rosters)
        rest = gathered.without(rosters)
        if rest.schools:
            await self._facts_of(rest)
            rosters |= rest.rosters(days)
            studying |= rest.studying
            gathered.chats |= rest.chats
        accounts = await self._accounts_of(gathered)
        await asyncio.sleep(0)
        reached = await self._bulk.matching(school_years, (ORGANISATION, "student_id"), studying)
        await asyncio.sleep(0)
        return assembled(
            gathered, rosters, studying, standing=standing, accounts=accounts, reached=reached, moved=moved
        )

    # from persons to facts, of schools that are not in memory

    async def _facts_of(self, gathered: Gathered) -> None:
        await self._facts_of_persons(gathered)
        await self._everything_for_administrators(gathered)
        await self._facts_of_groups(gathered)
        await self._facts_of_chats(gathered)

    async def _facts_of_persons(self, gathered: Gathered) -> None:
        people = gathered.persons
        keep, assertions = gathered.keep, self._facts.assertions
        of_person, of_guardian = (ORGANISATION, "person_id"), (ORGANISATION, "guardian_id")
        of_student, of_employee = (ORGANISATION, "student_id"), (ORGANISATION, "employee_id")
        keep(await assertions(BLOCK, of_person, people))
        keep(await assertions(EMPLOYMENT, of_employee, people))
        keep(await assertions(POSITION, of_employee, people))
        wards = [
            *keep(await assertions(DENIAL, of_guardian, people)),
            *keep(await assertions(GUARDIANSHIP, of_guardian, people)),
        ]
        students = {*people, *gathered.moved_on, *((w.key[0], w.key[2]) for w in wards)}
        keep(await assertions(ATTENDANCE, of_student, students))
        placed = keep(await assertions(PLACEMENT, of_student, students))
        led = keep(await assertions(HOMEROOM, of_employee, people))
        picks = keep(await assertions(HAND_PICK, of_person, people))
        taught = keep(await assertions(GROUP_TEACHER, of_employee, people))
        gathered.classes |= {(w.key[0], w.value.class_id) for w in placed}
        gathered.classes |= {(w.key[0], w.key[1]) for w in led}
        gathered.chats |= {(w.key[0], w.key[1]) for w in picks}
        gathered.groups |= {(w.key[0], w.key[1]) for w in taught}
        gathered.groups |= {(school, group) for school, _, group in await self._facts.groups_naming(people)}

    async def _everything_for_administrators(self, gathered: Gathered) -> None:
        """R8 speaks of every chat: where a chat administrator is planned, all of the school's are needed."""
        schools, assertions = [(school,) for school in sorted(gathered.schools)], self._facts.assertions
        gathered.keep(await assertions(REGISTRATION, (ORGANISATION,), schools))
        ever = gathered.keep(await assertions(CHAT_ADMINISTRATOR, (ORGANISATION,), schools))
        planned = {(w.key[0],) for w in ever if (w.key[0], w.value.employee_id) in gathered.causes}
        for assertion in await assertions(CLASS_STATE, (ORGANISATION,), planned):
            gathered.classes.add((assertion.key[0], assertion.key[1]))
        for assertion in await assertions(CHAT_STATE, (ORGANISATION,), planned):
            gathered.chats.add((assertion.key[0], assertion.key[1]))

    async def _facts_of_groups(self, gathered: Gathered) -> None:
        of_group, assertions = (ORGANISATION, "group_id"), self._facts.assertions
        for assertion in await assertions(GROUP_STATE, (ORGANISATION, "class_id"), gathered.classes):
            gathered.groups.add((assertion.key[0], assertion.key[1]))
        states = gathered.keep(await assertions(GROUP_STATE, of_group, gathered.groups))
        gathered.classes |= {(w.key[0], w.value.class_id) for w in states if w.value.class_id is not None}
        gathered.keep(await assertions(GROUP_TEACHER, of_group, gathered.groups))
        gathered.keep(await assertions(GROUP_ROSTER, of_group, gathered.groups))
        served = await assertions(CHAT_STATE, of_group, gathered.groups)
        gathered.chats |= {(w.key[0], w.key[1]) for w in served}

    async def _facts_of_chats(self, gathered: Gathered) -> None:
        for school, chat_id in gathered.chats:
            class_id = chats.class_of(chat_id)
            if class_id is not None:
                gathered.classes.add((school, class_id))
        gathered.chats |= chats_of_classes(gathered.classes)
        gathered.chats |= {(school, chats.staff_chat(school)) for school in gathered.schools}
        of_class, of_chat = (ORGANISATION, "class_id"), (ORGANISATION, "chat_id")
        for kind in (CLASS_STATE, CLASS_NAME, CLASS_YEAR, HOMEROOM):
            gathered.keep(await self._facts.assertions(kind, of_class, gathered.classes))
        for kind in (CHAT_STATE, CHAT_NAME):
            gathered.keep(await self._facts.assertions(kind, of_chat, gathered.chats))

    # places, rooms and accounts: others may have written them since

    async def _whoever_stands_in(self, moved: Mapping[Pair, Cause], gathered: Gathered) -> None:
        """Everybody with a place in any room of these chats."""
        of, person = [rooms.c.organisation_id, rooms.c.chat_id], places.c.person_id
        for row in await self._bulk.ask(_in_chats, of, sorted(moved), [*of, person]):
            gathered.person(row.organisation_id, row.person_id, moved[row.organisation_id, row.chat_id])
        gathered.chats |= moved.keys()

    async def _standing(self, gathered: Gathered) -> Sequence[Any]:
        """The places of the persons, each with the chat of its room."""
        of = [places.c.organisation_id, places.c.person_id]
        rows = await self._bulk.ask(_standing, of, gathered.persons, [*places.columns, rooms.c.chat_id])
        gathered.chats |= {(row.organisation_id, row.chat_id) for row in rows}
        return rows

    async def rooms(self, of_chats: Collection[Pair]) -> dict[RoomNo, Room]:
        """The rooms of all lives of these chats, (organisation, chat)."""
        found = await self._bulk.matching(rooms, (ORGANISATION, "chat_id"), of_chats)
        closing = [(row.room_no,) for row in found if _closing(row)]
        now = await self._bulk.locked(rooms, closing)
        return {row.room_no: room_of(row) for row in (*found, *now)}

    async def filled(self, room_nos: Collection[RoomNo]) -> set[RoomNo]:
        data = [(room_no,) for room_no in sorted(room_nos)]
        return {row.room_no for row in await self._bulk.ask(_filled, [rooms.c.room_no], data, [rooms.c.room_no])}

    async def _accounts_of(self, gathered: Gathered) -> Mapping[OrganisationId, Accounts]:
        """Each school's accounts, of the provider that its platform needs and of others, and as they count there."""
        assertions = await self._accounts.histories({person for _, person in gathered.causes})
        bounds = await self._accounts.bounds(
            {assertion.version.source for said in assertions.values() for assertion in said}
        )
        histories = {provider: Histories(said) for provider, said in assertions.items()}
        persons: dict[OrganisationId, list[PersonId]] = {school: [] for school in gathered.schools}
        for school, person in gathered.causes:
            persons[school].append(person)
        schools = [(school,) for school in gathered.schools]
        rows = await self._bulk.matching(organisations, (ORGANISATION,), schools)
        found = {}
        for row in rows:
            of_platforms = {
                platform: _accounts_in(row.organisation_id, histories[provider], persons[row.organisation_id], bounds)
                for platform, provider in PROVIDERS.items()
                if provider in histories
            }
            own = of_platforms.pop(row.platform, {})
            found[row.organisation_id] = Accounts(row.platform, own, of_platforms)
        return found


def _accounts_in(
    school: OrganisationId, histories: Histories, persons: Iterable[PersonId], bounds: Bounds
) -> Mapping[PersonId, Account]:
    return accounts_in(school, histories.about(persons), bounds)


def _closing(row: Any) -> bool:
    """Whether the room may be archived at any moment; planning locks it, so that no settler decides meanwhile."""
    return bool(row.wanted_life == ARCHIVED and row.observed_life not in {ARCHIVED, GONE})


def _standing(given: FromClause) -> Any:
    own = (places.c.organisation_id == given.c.organisation_id) & (places.c.person_id == given.c.person_id)
    joined = given.join(places, own).join(rooms, rooms.c.room_no == places.c.room_no)
    return select(*places.columns, rooms.c.chat_id).select_from(joined)


def _filled(given: FromClause) -> Any:
    own = and_(places.c.room_no == rooms.c.room_no, places.c.account != NOBODY, places.c.wanted != OUT)
    missing = and_(places.c.observed != places.c.wanted, places.c.refused_for.is_distinct_from(places.c.wanted))
    is_in = or_(*(places.c.observed == role for role in sorted(IN)))
    is_open = and_(rooms.c.external_chat_id.is_not(None), rooms.c.observed_life == OPEN, rooms.c.in_flight.is_(None))
    return (
        select(rooms.c.room_no)
        .join(given, given.c.room_no == rooms.c.room_no)
        .where(is_open, exists().where(own, is_in), ~exists().where(own, missing))
    )


def _in_chats(given: FromClause) -> Any:
    own = (rooms.c.organisation_id == given.c.organisation_id) & (rooms.c.chat_id == given.c.chat_id)
    joined = given.join(rooms, own).join(places, places.c.room_no == rooms.c.room_no)
    return select(given.c.organisation_id, given.c.chat_id, places.c.person_id).select_from(joined).distinct()
