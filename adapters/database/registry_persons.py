"""Reading persons: who they are, their accounts, and where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from adapters.database.load.accounts import by_person
from adapters.database.load.rows import room_of
from adapters.database.registry_chats import ChatReader, chat_type, invite_link, is_present, seat_of
from adapters.database.tables import account_words, organisations, persons, places, rooms, school_years
from adapters.database.types import Instant
from adapters.database.windows import window_of
from sync.accounts import AccountWord, Bounds, accounts_in, run_start
from sync.days import local_day
from sync.facts import PERSON_NAMES
from sync.roster import Roster
from sync.school_years import Reached
from sync.slices import Cause
from sync.standings import Standing
from sync.timelines import holding
from sync.titles import title
from sync.touched import PERSON, Touch
from sync.views.persons import AccountView, MembershipView, NoticeView, PersonView
from sync.views.registry import Listed, Schools, Window

NOWHERE = ""  # of no school: what sources say that are bound to none


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a person stands in one school: by chat, with the row of the chat's present room."""

    roster: Roster
    chats: Mapping[str, tuple[Any, Standing]]


def _accounts(
    person_id: str, provider: str, words: Iterable[AccountWord], schools: Collection[str], bounds: Bounds
) -> list[AccountView]:
    """The accounts that count in these schools; nearly always it is one."""
    histories = by_person(words)
    found = (accounts_in(school, histories, bounds).get(person_id) for school in schools)
    views = {
        AccountView(
            person_id,
            provider,
            account.external_user_id,
            run_start(histories[person_id], account.link).version.time,
            account.held_by_another,
        )
        for account in found
        if account is not None
    }
    return sorted(views, key=lambda view: (view.external_user_id, view.linked_at))


class PersonReader(ChatReader):
    async def seen_schools(self, person_id: str, schools: Schools) -> list[str] | None:
        """The schools a person is tied to, less those not to be seen; None of a person not to be seen at all."""
        tied = {school for school, _ in await self.ties([person_id])}
        if not tied:
            known = await self.matching(persons, ("person_id",), [(person_id,)])
            return [] if known and schools is None else None
        seen = tied if schools is None else tied & schools
        return sorted(seen) or None

    async def person(self, person_id: str, schools: Schools, now: datetime) -> PersonView | None:
        seen = await self.seen_schools(person_id, schools)
        if seen is None:
            return None
        words = await self.words(PERSON_NAMES, PERSON_NAMES.key, [(school, person_id) for school in seen])
        word = holding(words, date.max)
        last, first, middle = word.value if word is not None else (None, None, None)
        accounts, notices = await self._accounts_of(person_id, seen), await self._notices(person_id, seen, now)
        return PersonView(person_id, last, first, middle, seen, accounts, notices)

    async def _notices(self, person_id: str, seen: Sequence[str], now: datetime) -> list[NoticeView]:
        zones = {
            row.organisation_id: row.time_zone
            for row in await self.matching(organisations, ("organisation_id",), [(school,) for school in seen])
        }
        rows = await self.matching(school_years, ("organisation_id", "student_id"), [(key, person_id) for key in zones])
        return [
            NoticeView("new_school_year", row.organisation_id, row.school_year, row.noticed_on)
            for row in sorted(rows)
            if Reached(*row[1:]).stands(local_day(now, zones[row.organisation_id]))
        ]

    async def accounts(self, person_id: str, schools: Schools) -> Sequence[AccountView] | None:
        seen = await self.seen_schools(person_id, schools)
        return None if seen is None else await self._accounts_of(person_id, seen)

    async def _accounts_of(self, person_id: str, schools: Sequence[str]) -> list[AccountView]:
        said = await self.account_words({person_id})
        bounds = await self.bounds({word.version.source for words in said.values() for word in words})
        return [
            view
            for provider, words in sorted(said.items())
            for view in _accounts(person_id, provider, words, schools or [NOWHERE], bounds)
        ]

    async def account_after(self, word: AccountWord) -> AccountView:
        claim = [(word.provider, word.external_user_id)]
        claimed = await self.matching(account_words, ("provider", "external_user_id"), claim)
        said = await self.account_words({word.person_id, *(row.person_id for row in claimed)})
        words = [*said.get(word.provider, ()), word]
        bounds = await self.bounds({said.version.source for said in words})
        schools = sorted(bounds.get(word.version.source, {NOWHERE}))[:1]
        views = _accounts(word.person_id, word.provider, words, schools, bounds)
        if not views:
            raise ValueError("the word links no account, or is not the latest")
        return views[0]

    async def last_said_at(self, person_id: str, provider: str) -> datetime | None:
        own = (account_words.c.person_id == person_id) & (account_words.c.provider == provider)
        last: datetime | None = (await self.fetch(select(func.max(account_words.c.time, type_=Instant())).where(own)))[
            0
        ][0]
        return last

    async def memberships(self, person_id: str, schools: Schools, window: Window) -> Listed[MembershipView] | None:
        seen = await self.seen_schools(person_id, schools)
        if seen is None:
            return None
        views = [
            self._membership(room, standing, stands.roster)
            for stands in await self.stands(person_id, seen)
            for room, standing in stands.chats.values()
        ]
        return window_of(sorted(views, key=_chat), _chat, window)

    async def stands(self, person_id: str, schools: Sequence[str]) -> list[Stands]:
        """Where a person stands, school by school."""
        days = await self.days(schools)
        touches = {Touch(school, PERSON, person_id): Cause(0, by_event=False) for school in days}
        slices = await self.load(touches, days)
        found = await self.matching(places, ("organisation_id", "person_id"), [(school, person_id) for school in days])
        rows = {row.room_no: row for row in await self.matching(rooms, ("room_no",), {(r.room_no,) for r in found})}
        last = await self._last_of(rows)
        return [
            Stands(slice_.roster, self._present(school, slice_.roster, found, last))
            for school, slice_ in slices.items()
        ]

    async def _last_of(self, rows: Mapping[int, Any]) -> dict[int, Any]:
        """Those of the rooms that are the last of their chat."""
        chats = {(row.organisation_id, row.chat_id) for row in rows.values()}
        last: dict[tuple[str, str], int] = {}
        for row in await self.matching(rooms, ("organisation_id", "chat_id"), chats):
            chat = row.organisation_id, row.chat_id
            last[chat] = max(row.life, last.get(chat, 0))
        return {no: row for no, row in rows.items() if row.life == last[row.organisation_id, row.chat_id]}

    def _present(
        self, school: str, roster: Roster, found: Sequence[Any], last: Mapping[int, Any]
    ) -> dict[str, tuple[Any, Standing]]:
        by_room: dict[int, list[Any]] = defaultdict(list)
        for place in found:
            if place.organisation_id == school and place.room_no in last:
                by_room[place.room_no].append(place)
        chats = {}
        for room_no, of_room in by_room.items():
            row = last[room_no]
            standing = self.standings(row, map(seat_of, of_room)) if is_present(room_of(row), roster) else {}
            for own in standing.values():
                chats[row.chat_id] = row, own
        return dict(sorted(chats.items()))

    def _membership(self, room: Any, standing: Standing, roster: Roster) -> MembershipView:
        return MembershipView(
            roster.organisation_id,
            room.chat_id,
            title(room.chat_id, roster, self.titles),
            chat_type(room.chat_id, roster),
            standing.role,
            standing.state,
            standing.reasons,
            standing.external_user_id,
            standing.refused_code,
            standing.waits_for,
            invite_link(standing, room),
        )


def _chat(view: MembershipView) -> str:
    return view.chat_id
