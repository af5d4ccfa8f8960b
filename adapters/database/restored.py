"""After a restore from backup: all observations are in doubt, for the database lacks what happened since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, literal, select, update

from adapters.database.bulk import Bulk
from adapters.database.schema import places, read_backs, rooms
from adapters.database.store import Database
from sync.places import NOBODY, NONE, UNKNOWN
from sync.room import ITSELF, LAST

ROOMS_AT_ONCE = 100
WHY = "restored"
READ_BACK = ("room_no", "account", "person_id", "why", "at")


@dataclass(frozen=True, slots=True)
class Doubt:
    """`makers`: the tokens whose platform makes chats for us."""

    database: Database
    makers: Collection[str]

    async def rooms(self) -> int:
        """How many rooms will be in doubt."""
        async with self.database.reading() as connection:
            counted = select(func.count()).select_from(rooms).where(self._concerned())
            return int((await connection.execute(counted)).scalar() or 0)

    async def everything(self, done: Callable[[int], None]) -> int:
        """Make every place on a platform unknown, some rooms at a time, to be read back with the lowest priority. Call
        `done` after each step. Return the number of rooms. Idempotent.

        Raises StoreUnavailable with some rooms done (retriable).
        """
        after, total = 0, 0
        while numbers := await self._some(after):
            after = numbers[-1]
            total += len(numbers)
            done(len(numbers))
        return total

    async def _some(self, after: int) -> Sequence[int]:
        """The next rooms behind a number, in doubt from now on."""
        async with self.database.writing() as connection:
            bulk, now = Bulk(connection), await self.database.time(connection)
            following = select(rooms.c.room_no).where(rooms.c.room_no > after, self._concerned())
            chosen = following.order_by(rooms.c.room_no).limit(ROOMS_AT_ONCE).with_for_update()
            numbers = [row.room_no for row in await bulk.fetch(chosen)]
            in_doubt = update(places).where(places.c.room_no.in_(numbers), _linked())
            await bulk.execute(in_doubt.values(observed=UNKNOWN))
            await bulk.execute(update(rooms).where(rooms.c.room_no.in_(numbers)).values(_doubted(now)))
            asked = [(number, ITSELF, "", WHY, now) for number in numbers]
            await bulk.insert(read_backs, READ_BACK, asked, update=("why", "at"))
        return numbers

    def _concerned(self) -> Any:
        """Rooms with a chat, and those that may have been given one since: it is requested once more by its nonce."""
        somebody = exists(select(places.c.room_no).where(places.c.room_no == rooms.c.room_no, _linked()))
        made = rooms.c.platform_token.in_(sorted(self.makers)) & somebody
        return rooms.c.external_chat_id.is_not(None) | made


def _linked() -> Any:
    return places.c.account != NOBODY


def _doubted(now: datetime) -> dict[str, Any]:
    no_chat = rooms.c.external_chat_id.is_(None) & (rooms.c.observed_life == NONE)
    return {
        "observed_life": case((no_chat, UNKNOWN), else_=rooms.c.observed_life),
        "due_at": case((rooms.c.due_at < now, rooms.c.due_at), else_=literal(now, rooms.c.due_at.type)),
        "grade": case((rooms.c.due_at.is_(None), LAST), else_=rooms.c.grade),
    }
