"""Loading slices: from the persons whom touches mean to all the facts that their rules may ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from adapters.database.assembled import assembled
from adapters.database.people import People, by_person
from adapters.database.rows import room_of
from adapters.database.tables import group_mentions, organisations, places, rooms, school_years
from adapters.database.touches import ORGANISATION, Gathered, Touches
from sync import chats
from sync.accounts import accounts_in
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
from sync.places import ARCHIVED, GONE, Room
from sync.slices import Cause, Slice
from sync.touched import Touch

PROVIDERS = {"max": "max", "vk": "vk_id"}


class Slices(Touches, People):
    async def load(self, causes: Mapping[Touch, Cause], days: Mapping[str, date]) -> dict[str, Slice]:
        if not causes:
            return {}
        gathered = await self.gather(causes)
        standing = await self.matching(places, (ORGANISATION, "person_id"), gathered.persons)
        known = await self._rooms_of(standing, gathered)
        await self._facts_of_persons(gathered)
        await self._everything_for_administrators(gathered)
        await self._facts_of_groups(gathered)
        await self._facts_of_chats(gathered)
        known |= await self._rooms_of_chats(gathered)
        accounts = await self._accounts(gathered)
        reached = await self.matching(school_years, (ORGANISATION, "student_id"), gathered.studying)
        return assembled(gathered, days, known, standing=standing, accounts=accounts, reached=reached)

    # from persons to facts

    async def _facts_of_persons(self, gathered: Gathered) -> None:
        people = gathered.persons
        keep, words = gathered.keep, self.words
        of_person, of_guardian = (ORGANISATION, "person_id"), (ORGANISATION, "guardian_id")
        of_student, of_employee = (ORGANISATION, "student_id"), (ORGANISATION, "employee_id")
        keep(await words(BLOCK, of_person, people))
        keep(await words(EMPLOYMENT, of_employee, people))
        wards = [*keep(await words(DENIAL, of_guardian, people)), *keep(await words(GUARDIANSHIP, of_guardian, people))]
        keep(await words(POSITION, of_employee, people))
        students = {*people, *gathered.moved_on, *((w.key[0], w.key[2]) for w in wards)}
        keep(await words(ATTENDANCE, of_student, students))
        placed = keep(await words(PLACEMENT, of_student, students))
        led = keep(await words(HOMEROOM, of_employee, people))
        picks = keep(await words(HAND_PICK, of_person, people))
        taught = keep(await words(GROUP_TEACHER, of_employee, people))
        named = await self.matching(group_mentions, of_student, people)
        gathered.classes |= {(w.key[0], w.value.class_id) for w in placed}
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
        for kind in (CLASS_STATE, CLASS_NAME, CLASS_YEAR, HOMEROOM):
            gathered.keep(await self.words(kind, of_class, gathered.classes))
        for kind in (CHAT_STATE, CHAT_NAME):
            gathered.keep(await self.words(kind, of_chat, gathered.chats))

    # rooms and accounts

    async def _rooms_of(self, standing: Sequence[Any], gathered: Gathered) -> dict[int, Room]:
        found = await self.matching(rooms, ("room_no",), {(row.room_no,) for row in standing})
        gathered.chats |= {(row.organisation_id, row.chat_id) for row in found}
        return {row.room_no: room_of(row) for row in found}

    async def _rooms_of_chats(self, gathered: Gathered) -> dict[int, Room]:
        found = await self.matching(rooms, (ORGANISATION, "chat_id"), gathered.chats)
        closing = [row.room_no for row in found if _closing(row)]
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
        words = await self.account_words({person for _, person in gathered.causes})
        bounds = await self.bounds({word.version.source for said in words.values() for word in said})
        histories = {provider: by_person(said) for provider, said in words.items()}
        rows = await self.matching(organisations, (ORGANISATION,), [(school,) for school in gathered.schools])
        return {
            row.organisation_id: accounts_in(row.organisation_id, histories.get(PROVIDERS[row.platform], {}), bounds)
            for row in rows
        }


def _closing(row: Any) -> bool:
    """Whether its archiving may go out any moment: until planning has written, no settler is to decide on it."""
    return row.wanted_life == ARCHIVED and row.observed_life not in {ARCHIVED, GONE}
