"""The believed state of rooms, with which a look is compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.load.holders import holders
from adapters.database.schema import hearers, organisations, places, rooms, strangers
from adapters.database.settle.work import room_place
from sync.ids import AccountId, PersonId, RoomNo
from sync.looks import Decision, KnownRoom, Policies, RoomSeen
from sync.places import NOBODY
from sync.platform import platform_of
from sync.ports.present import AccountIn


async def known_rooms(bulk: Bulk, seen: Mapping[RoomNo, RoomSeen], now: datetime) -> dict[RoomNo, KnownRoom]:
    numbers = [(number,) for number in seen]
    rows = await bulk.matching(rooms, ("room_no",), numbers)
    schools = await bulk.matching(organisations, ("organisation_id",), {(row.organisation_id,) for row in rows})
    policies = {row.organisation_id: Policies(row.strangers, row.titles) for row in schools}
    stand: dict[RoomNo, list[Any]] = defaultdict(list)
    for row in await bulk.matching(places, ("room_no",), numbers):
        if row.account != NOBODY:
            stand[row.room_no].append(row)
    decided: dict[RoomNo, dict[AccountId, Decision]] = defaultdict(dict)
    for row in await bulk.matching(strangers, ("room_no",), numbers):
        if row.decision is not None:
            refused = row.refused_code is not None
            decided[row.room_no][row.account] = Decision(row.decision, row.decided_by, refused)
    held = await _held(bulk, rows, seen, stand)
    heard = await _heard(bulk, {row.platform_token for row in rows}, now)
    return {
        row.room_no: KnownRoom(
            row.room_no,
            row.organisation_id,
            row.chat_id,
            row.wanted_title,
            row.observed_title,
            row.observed_life,
            row.lacks,
            policies.get(row.organisation_id, Policies()),
            [room_place(place) for place in stand[row.room_no]],
            _of_room(row, held),
            decided[row.room_no],
            set(row.in_flight["persons"]) if row.in_flight else (),
            row.platform_token in heard,
        )
        for row in rows
    }


def _of_room(row: Any, held: Mapping[AccountIn, PersonId]) -> dict[AccountId, PersonId]:
    own = row.organisation_id, platform_of(row.platform_token)
    return {account: person for (*where, account), person in held.items() if tuple(where) == own}


async def _held(
    bulk: Bulk, rows: Iterable[Any], seen: Mapping[RoomNo, RoomSeen], stand: Mapping[RoomNo, Collection[Any]]
) -> Mapping[AccountIn, PersonId]:
    """Those of the accounts without a place that a person known to the school holds."""
    unplaced = {
        (row.organisation_id, platform_of(row.platform_token), account)
        for row in rows
        for account in seen[row.room_no].members.keys() - {place.account for place in stand[row.room_no]}
    }
    return await holders(bulk, unplaced) if unplaced else {}


async def _heard(bulk: Bulk, tokens: Collection[str], now: datetime) -> set[str]:
    """The platform accounts whose updates are heard."""
    rows = await bulk.fetch(select(hearers.c.token).where(hearers.c.until > now))
    return {row.token for row in rows} & set(tokens)
