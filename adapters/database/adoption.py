"""Hearing what platforms tell, and adopting chats that people made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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
from adapters.database.settle.read_backs import Asked, ask, ask_by_chat
from adapters.database.settle.strangers import to_be_decided
from adapters.database.settle.time import DatabaseClock, TransactionTime
from sync.acts.members import RemoveMember
from sync.adoption import Claim, Verdict, codes_in
from sync.ids import NO_PERSON, AccountId, ChatId, OrganisationId, RoomNo
from sync.places import ADMIN, GONE, MEMBER, NOBODY, OPEN, OUT, UNKNOWN
from sync.room import CHANGES, ITSELF
from sync.updates import CAME, CHAT, LEFT, POSTED, REMOVED, RENAMED, PlatformUpdate

REMEMBERED = timedelta(days=7)  # updates are repeated within hours; MAX gives up after ten attempts

CLAIM = ("platform_token", "external_chat_id", "code", "account")


def digest(code: str) -> str:
    """The digest of a code, which is all that is stored: a code lives for a day, too short to be guessed."""
    return hashlib.sha256(code.encode()).hexdigest()


class AdoptionTransaction:
    """The adoption port (`sync/ports/adoption.py`) over one open transaction."""

    def __init__(self, connection: AsyncConnection, clock: DatabaseClock) -> None:
        self._bulk = Bulk(connection)
        self._time = TransactionTime(connection, clock)

    # offering a code

    async def offer(
        self, organisation_id: OrganisationId, chat_id: ChatId, code: str, lasts: timedelta
    ) -> datetime | None:
        room = await self._room_to_adopt(organisation_id, chat_id)
        if room is None:
            return None
        expires_at = await self._time.now() + lasts
        columns = ("code", "organisation_id", "chat_id", "platform_token", "expires_at")
        data = [(digest(code), room.organisation_id, chat_id, room.platform_token, expires_at)]
        await self._bulk.insert(adoption_codes, columns, data)
        return expires_at

    async def _room_to_adopt(self, organisation_id: OrganisationId, chat_id: ChatId) -> Any:
        """The last room of a chat, locked, if it has no chat on the platform or that chat is gone."""
        own = (rooms.c.organisation_id == organisation_id) & (rooms.c.chat_id == chat_id)
        last = select(func.max(rooms.c.life)).where(own).scalar_subquery()
        chosen = select(rooms).where(own, rooms.c.life == last).with_for_update()
        room = (await self._bulk.connection.execute(chosen)).first()
        if room is None or room.wanted_life != OPEN:
            return None
        return room if room.external_chat_id is None or room.observed_life == GONE else None

    async def awaits_codes(self, token: str) -> bool:
        codes, now = adoption_codes.c, await self._time.now()
        open_ = (codes.platform_token == token, codes.used_at.is_(None), codes.expires_at > now)
        return (await self._bulk.connection.execute(select(codes.code).where(*open_).limit(1))).first() is not None

    # hearing

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

    # adopting

    async def claims(self, limit: int, lease_s: float) -> list[Claim]:
        now = await self._time.now()
        due = (
            select(adoption_claims)
            .where(adoption_claims.c.next_at <= now)
            .order_by(adoption_claims.c.at, *(adoption_claims.c[name] for name in CLAIM))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._bulk.fetch(due)
        later = now + timedelta(seconds=lease_s)
        taken = [(*(getattr(row, name) for name in CLAIM), later, row.attempts + 1) for row in rows]
        await self._bulk.update(adoption_claims, CLAIM, ("next_at", "attempts"), taken)
        return [Claim(r.code, r.platform_token, r.external_chat_id, r.account, r.attempts) for r in rows]

    async def adopt(self, claim: Claim, members: Mapping[AccountId, str]) -> Verdict:
        verdict, room = await self._judged(claim)
        if room is not None:
            await self._take_over(room, claim, members)
        if verdict is not Verdict.LATER:
            await self.refuse(claim, verdict)
        return verdict

    async def _judged(self, claim: Claim) -> tuple[Verdict, Any]:
        """Locks the claims of the platform's chat, the code, the room, in this order: only one of two adopts."""
        claims = adoption_claims.c
        of_chat = (claims.platform_token == claim.token, claims.external_chat_id == claim.chat)
        await self._bulk.fetch(
            select(adoption_claims).where(*of_chat).order_by(claims.code, claims.account).with_for_update()
        )
        code = await self._code(claim, lock=True)
        if code.used_at is not None:
            return Verdict.USED, None
        if await self._bulk.matching(rooms, ("platform_token", "external_chat_id"), [(claim.token, claim.chat)]):
            return Verdict.CHAT_TAKEN, None
        room = await self._room_to_adopt(code.organisation_id, code.chat_id)
        if room is None or room.platform_token != claim.token:
            return Verdict.ROOM_TAKEN, None
        return (Verdict.LATER, None) if room.in_flight else (Verdict.ADOPTED, room)

    async def _code(self, claim: Claim, *, lock: bool = False) -> Any:
        kept = select(adoption_codes).where(adoption_codes.c.code == claim.code)
        return (await self._bulk.connection.execute(kept.with_for_update() if lock else kept)).one()

    async def _take_over(self, room: Any, claim: Claim, members: Mapping[AccountId, str]) -> None:
        """Observations become `unknown`, and nothing else: the settler reads everything back before it acts."""
        now = await self._time.now()
        await self._bulk.execute(update(adoption_codes).where(adoption_codes.c.code == claim.code).values(used_at=now))
        adopted = {
            "external_chat_id": claim.chat,
            "made_at": now,
            "observed_life": UNKNOWN,
            "observed_title": None,
            "due_at": now,
            "grade": CHANGES,
            "attempts": 0,
            "looked_at": now,
        }
        await self._bulk.execute(update(rooms).where(rooms.c.room_no == room.room_no).values(adopted))
        expected = await self._in_doubt(room.room_no, members)
        await self._bulk.delete(strangers, ("room_no",), [(room.room_no,)])
        unknown = [(room.room_no, account, now, members[account]) for account in sorted(members.keys() - expected)]
        await self._bulk.insert(strangers, ("room_no", "account", "seen_at", "observed"), unknown)
        if unknown:
            await to_be_decided(self._bulk, {(room.organisation_id, room.room_no)}, now)
        await ask(self._bulk, [Asked(room.room_no, ITSELF, NO_PERSON, CHAT, now)])

    async def _in_doubt(self, room_no: RoomNo, members: Mapping[AccountId, str]) -> set[AccountId]:
        """Set to unknown the places whose account is listed and expected, or was observed before. Return the former
        accounts.
        """
        rows = await self._bulk.matching(places, ("room_no",), [(room_no,)])
        linked = [row for row in rows if row.account != NOBODY]
        expected = {row.account for row in linked if row.account in members and row.wanted in {MEMBER, ADMIN}}
        doubtful = expected | {row.account for row in linked if row.observed != OUT}
        data = [(room_no, account, UNKNOWN) for account in sorted(doubtful)]
        await self._bulk.update(places, ("room_no", "account"), ("observed",), data)
        return expected

    async def refuse(self, claim: Claim, verdict: Verdict) -> None:
        await self._decide(claim, next_at=None, verdict=verdict.value)

    async def put_off(self, claim: Claim, again_in_s: float) -> None:
        again = await self._time.now() + timedelta(seconds=again_in_s)
        expires_at = (await self._code(claim)).expires_at
        await self._decide(claim, next_at=again if again < expires_at else None)

    async def _decide(self, claim: Claim, **values: Any) -> None:
        key = zip(CLAIM, (claim.token, claim.chat, claim.code, claim.account), strict=True)
        same = [adoption_claims.c[name] == value for name, value in key]
        await self._bulk.execute(update(adoption_claims).where(*same).values(values))


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
