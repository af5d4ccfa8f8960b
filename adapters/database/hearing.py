"""Hearing what platforms tell: each update once, and by one process at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.adoption import CLAIM, digest
from adapters.database.bulk import Bulk
from adapters.database.schema import (
    adoption_claims,
    adoption_codes,
    hearers,
    places,
    rooms,
    strangers,
    update_markers,
    updates_heard,
)
from adapters.database.settle import accounts
from adapters.database.settle.read_backs import ask_by_chat
from adapters.database.settle.time import DatabaseClock, TransactionTime
from sync.acts.members import RemoveMember
from sync.adoption import codes_in
from sync.ids import AccountId
from sync.places import OUT
from sync.updates import CAME, CHAT, LEFT, POSTED, REMOVED, RENAMED, PlatformUpdate

REMEMBERED = timedelta(days=7)  # updates are repeated within hours; MAX gives up after ten attempts


class HearingTransaction:
    """The hearing port (`sync/ports/hearing.py`) over one open transaction."""

    def __init__(self, connection: AsyncConnection, clock: DatabaseClock) -> None:
        self._bulk = Bulk(connection)
        self._time = TransactionTime(connection, clock)

    async def note_own_account(self, token: str, account: AccountId) -> None:
        await accounts.note_own_account(self._bulk, token, account)

    async def awaits_codes(self, token: str) -> bool:
        codes, now = adoption_codes.c, await self._time.now()
        open_ = (codes.platform_token == token, codes.used_at.is_(None), codes.expires_at > now)
        return (await self._bulk.connection.execute(select(codes.code).where(*open_).limit(1))).first() is not None

    async def hear(self, token: str, updates: Sequence[PlatformUpdate]) -> int:
        now = await self._time.now()
        given = {f"{token} {news.key}": news for news in updates}
        data = [(key, now) for key in sorted(given)]
        fresh = await self._bulk.insert(updates_heard, ("key", "at"), data, returning=("key",))
        new = [given[row.key] for row in sorted(fresh)]
        await self._bulk.execute(delete(updates_heard).where(updates_heard.c.at < now - REMEMBERED))
        for news in new:
            if news.kind == POSTED:
                await self._claim(token, news, now)
            if news.kind == CHAT:
                await self._claims_due(token, news.chat, now)
        worth = await self._worth_a_look(token, [news for news in new if news.kind != POSTED])
        told = [(token, news.chat, news.account, news.kind) for news in worth]
        await ask_by_chat(self._bulk, told, now)
        return len(new)

    async def _claim(self, token: str, news: PlatformUpdate, now: datetime) -> None:
        codes = [(digest(code),) for code in codes_in(news.text)]
        valid = [
            (token, news.chat, row.code, news.account, now, now, 0, None)
            for row in await self._bulk.matching(adoption_codes, ("code",), codes)
            if row.platform_token == token and row.expires_at > now
        ]
        again = ("at", "next_at", "attempts", "verdict")
        await self._bulk.insert(adoption_claims, (*CLAIM, *again), valid, update=again)

    async def _claims_due(self, token: str, chat: str, now: datetime) -> None:
        claims = adoption_claims.c
        of_chat = (claims.platform_token == token, claims.external_chat_id == chat, claims.next_at.is_not(None))
        await self._bulk.execute(update(adoption_claims).where(*of_chat).values(next_at=now))

    async def _worth_a_look(self, token: str, updates: Sequence[PlatformUpdate]) -> list[PlatformUpdate]:
        """The updates that are news about one of our rooms; most only echo our own calls."""
        found = await self._bulk.matching(
            rooms, ("platform_token", "external_chat_id"), {(token, h.chat) for h in updates}
        )
        by_chat = {row.external_chat_id: row for row in found}
        keys = {(by_chat[news.chat].room_no, news.account) for news in updates if news.chat in by_chat}
        stand = {
            (row.room_no, row.account): row
            for row in await self._bulk.matching(strangers, ("room_no", "account"), keys)
        }
        places_there: dict[tuple[int, str], list[Any]] = {}
        for row in await self._bulk.matching(places, ("room_no", "account"), keys):
            places_there.setdefault((row.room_no, row.account), []).append(row)
        return [
            news
            for news in updates
            if news.chat in by_chat
            and _tells(
                news,
                by_chat[news.chat],
                places_there.get((by_chat[news.chat].room_no, news.account), ()),
                stranger=(by_chat[news.chat].room_no, news.account) in stand,
            )
        ]

    async def marker(self, token: str) -> str | None:
        kept = select(update_markers.c.marker).where(update_markers.c.token == token)
        marker: str | None = (await self._bulk.connection.execute(kept)).scalar()
        return marker

    async def keep_marker(self, token: str, marker: str) -> None:
        await self._bulk.insert(update_markers, ("token", "marker"), [(token, marker)], update=("marker",))

    async def hold_hearing(self, token: str, hearer: str, lasts_s: float) -> bool:
        now = await self._time.now()
        until = now + timedelta(seconds=lasts_s)
        await self._bulk.insert(hearers, ("token", "hearer", "until"), [(token, hearer, until)])
        free = or_(hearers.c.hearer == hearer, hearers.c.until <= now)
        held = update(hearers).where(hearers.c.token == token, free).values(hearer=hearer, until=until)
        return await self._bulk.execute(held) == 1

    async def end_hearing(self, token: str, hearer: str) -> None:
        await self._bulk.delete(hearers, ("token", "hearer"), [(token, hearer)])


def _tells(news: PlatformUpdate, room: Any, places_there: Iterable[Any], *, stranger: bool) -> bool:
    """Whether an update may contain news; the effect of a call in flight is reported by its answer."""
    flying = room.in_flight or {"act": None, "persons": {}}
    if news.kind == RENAMED:
        return news.text not in {room.observed_title, room.wanted_title}
    if news.kind in {LEFT, REMOVED}:
        if news.account in flying["persons"]:
            return bool(flying["act"] != RemoveMember.name)
        return stranger or any(place.observed != OUT for place in places_there)
    if news.kind == CAME:
        return news.account not in flying["persons"] and all(place.observed == OUT for place in places_there)
    return news.kind == CHAT
