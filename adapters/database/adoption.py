"""Adopting chats that people made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.schema import (
    adoption_claims,
    adoption_codes,
    places,
    rooms,
    strangers,
)
from adapters.database.settle.read_backs import Asked, ask
from adapters.database.settle.strangers import to_be_decided
from adapters.database.settle.time import DatabaseClock, TransactionTime
from sync.adoption import Claim, Verdict
from sync.ids import NO_PERSON, AccountId, ChatId, OrganisationId, RoomNo
from sync.places import ADMIN, GONE, MEMBER, NOBODY, OPEN, OUT, UNKNOWN
from sync.room import CHANGES, ITSELF
from sync.updates import CHAT

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
