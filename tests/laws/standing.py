"""Who stands where, as it is stored, and of which kind they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from adapters.database.schema import places, rooms
from tests import oracle
from tests.laws.roads import rows
from tests.road import Road

IN = ("member", "admin")
DAY = timedelta(hours=24)
KINDS = {
    "staff": ("employed", "homeroom", "teaches", "chat_administrator"),
    "students": ("studies_in", "studies_in_group"),
    "guardians": ("guardian_of",),
}
TIED = {"employee": "staff", "student": "students", "guardian": "guardians"}

Key = tuple[str, int, str]


class Standing(NamedTuple):
    """A place as it is stored, with its room."""

    person: str
    chat_id: str
    account: str
    wanted: str
    observed: str
    reasons: tuple[str, ...]
    hold_no: int | None
    rejected: bool
    made_at: datetime | None

    @property
    def there(self) -> bool:
        return self.account != "" and self.observed != "out"

    @property
    def desired(self) -> bool:
        return bool(self.reasons) and self.hold_no is None


class Noted(NamedTuple):
    """Somebody who left a chat, or joined it."""

    at: datetime
    person: str
    chat_id: str
    kinds: frozenset[str] = frozenset()


async def standings(road: Road) -> dict[Key, Standing]:
    joined = select(places, rooms.c.chat_id, rooms.c.made_at).join(rooms, rooms.c.room_no == places.c.room_no)
    return {
        (row.person_id, row.room_no, row.account): Standing(
            row.person_id, row.chat_id, row.account, row.wanted, row.observed,
            tuple(reason for reason, *_ in row.reasons), row.hold_no, row.rejected, row.made_at,
        )
        for row in await rows(road, joined)
    }  # fmt: skip


def day_of(now: datetime) -> date:
    """The school's."""
    return (now + timedelta(hours=3)).date()


def is_deleted(chat_id: str, school: oracle.School) -> bool:
    return ":" not in chat_id and chat_id not in school.chats()


def kinds_of(reasons: Iterable[str]) -> set[str]:
    named = {reason.partition(":")[0] for reason in reasons}
    return {kind for kind, of_kind in KINDS.items() if named & set(of_kind)}
