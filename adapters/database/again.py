"""What the platform refused of a person, or did not answer: due at once, as if it had never been asked for."""

from __future__ import annotations

from typing import Any

from adapters.database.bulk import ROOMS_DUE, Bulk
from adapters.database.schema import places, rooms, ties
from adapters.database.settle.read_backs import fall_due
from adapters.database.store import Database
from sync.ids import PersonId
from sync.places import NOBODY, OUT
from sync.views.registry import Asked

KEY = ("organisation_id", "person_id", "room_no", "account")
REFUSAL, OF_ROOM = ("refused_code", "refused_for"), ("attempts", "invite_link")


async def try_again(database: Database, person_id: PersonId, asked: Asked) -> int:
    """Return the number of chats concerned. Raises StoreUnavailable with nothing written (retriable)."""
    async with database.writing() as connection:
        bulk = Bulk(connection)
        schools = [row.organisation_id for row in await bulk.matching(ties, ("person_id",), [(person_id,)])]
        among = [(school, person_id) for school in schools if asked.organisation_id in {None, school}]
        stand = await bulk.matching(places, ("organisation_id", "person_id"), among)
        waiting = [row for row in stand if row.account != NOBODY and row.wanted != row.observed and not _held(row)]
        locked = await bulk.locked(rooms, [(row.room_no,) for row in waiting])  # before their places, as settling does
        numbers = {row.room_no for row in locked if asked.chat_id in {None, row.chat_id}}
        anew = [tuple(getattr(row, name) for name in KEY) for row in waiting if row.room_no in numbers]
        await bulk.update(places, KEY, REFUSAL, [(*key, None, None) for key in sorted(anew)])
        await bulk.update(rooms, ("room_no",), OF_ROOM, [(number, 0, None) for number in sorted(numbers)])
        await fall_due(bulk, numbers, await database.time(connection))
        await bulk.notify(ROOMS_DUE)
    return len(numbers)


def _held(row: Any) -> bool:
    return row.hold_no is not None and row.wanted == OUT
