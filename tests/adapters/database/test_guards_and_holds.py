"""Migration 0010 on data: rooms get the day they were made, what was held or rejected stays so, and back again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, select
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.engine import async_url
from adapters.database.migrate import configuration, upgrade
from adapters.database.schema import affected, places, rooms
from adapters.database.types import EPOCH, MICROSECOND
from tests.servers.postgresql import PostgreSQL

_numbers = itertools.count(1)

MADE, ADOPTED, LATER = (datetime(2026, 9, day, tzinfo=UTC) for day in (1, 2, 3))
REASONS = [["studies_in", "member", 1, 0]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/rollcall.db"
        return
    postgresql: PostgreSQL = request.getfixturevalue("postgresql")
    name = f"guards_{next(_numbers)}"
    yield postgresql.make_database(name)
    postgresql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def within(url: str, step: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        answer = await connection.run_sync(step)
    await engine.dispose()
    return answer


def fill(connection: Connection) -> None:
    """As 0009 has it: a room that was made, one that was adopted, one of which that is forgotten, one without a chat;
    in the first a place on hold, one that was rejected and one of neither.
    """
    command.upgrade(configuration(connection), "0009")
    former = MetaData()
    former.reflect(connection)

    def put(name: str, **values: Any) -> None:
        table: Table = former.tables[name]
        if connection.dialect.name == "sqlite":
            values = {of: (v - EPOCH) // MICROSECOND if isinstance(v, datetime) else v for of, v in values.items()}
        connection.execute(table.insert(), values)

    def put_room(number: int, chat_id: str, external: str | None) -> None:
        of = {"organisation_id": "s1", "life": 1, "platform_token": "max", "nonce": chat_id, "wanted_title": chat_id}
        put("rooms", room_no=number, chat_id=chat_id, external_chat_id=external, **of)

    for number, (chat_id, external) in enumerate(
        {"class:5a": "-1", "class:5b": "-2", "class:5c": "-3", "class:5d": None}.items(), 1
    ):
        put_room(number, chat_id, external)
    for at in (LATER, MADE):
        put("calls", room_no=1, action="create", accounts="[]", at=at, answer="done")
    put("calls", room_no=3, action="add", accounts="[]", at=LATER, answer="done")
    of_code = {"organisation_id": "s1", "chat_id": "class:5b", "platform_token": "max", "expires_at": LATER}
    put("adoption_codes", code="one", used_at=ADOPTED, **of_code)
    put("adoption_codes", code="two", used_at=None, **of_code)
    for person, wanted, hold_no in (("held", "out", 4), ("rejected", "member", 4), ("inside", "member", None)):
        reasons = json.dumps(REASONS if person == "inside" else [])
        of_place = {"organisation_id": "s1", "room_no": 1, "account": person, "observed": "member", "cause_no": 7}
        put("places", person_id=person, wanted=wanted, hold_no=hold_no, reasons=reasons, **of_place)
    put("removals", organisation_id="s1", room_no=1, person_id="gone", at=LATER)


def rows_of(connection: Connection, *names: str) -> dict[str, list[Any]]:
    found = MetaData()
    found.reflect(connection)
    return {name: sorted(map(tuple, connection.execute(select(found.tables[name])))) for name in names}


async def test_rooms_know_since_when_they_have_a_chat(empty_url: str) -> None:
    await within(empty_url, fill)
    await upgrade(empty_url)
    told = select(rooms.c.chat_id, rooms.c.made_at)
    found = await within(empty_url, lambda connection: dict(map(tuple, connection.execute(told))))
    assert found == {"class:5a": MADE, "class:5b": ADOPTED, "class:5c": EPOCH, "class:5d": None}


async def test_what_was_held_is_held_and_what_was_rejected_is_rejected(empty_url: str) -> None:
    await within(empty_url, fill)
    await upgrade(empty_url)
    told = select(places.c.person_id, places.c.hold_no, places.c.rejected)
    found = await within(empty_url, lambda connection: sorted(map(tuple, connection.execute(told))))
    assert found == [("held", 4, False), ("inside", None, False), ("rejected", 4, True)]


async def test_taken_back_it_is_as_it_was(empty_url: str) -> None:
    names = ("rooms", "places", "removals", "holds", "calls", "affected")

    def there_and_back(connection: Connection) -> None:
        before = rows_of(connection, *names)
        command.upgrade(configuration(connection), "0010")
        command.downgrade(configuration(connection), "0009")
        assert rows_of(connection, *names) == before

    await within(empty_url, fill)
    await within(empty_url, there_and_back)


async def test_joins_on_hold_which_the_former_version_does_not_know_are_planned_there(empty_url: str) -> None:
    await within(empty_url, fill)
    await upgrade(empty_url)
    join = {"organisation_id": "s1", "person_id": "joins", "room_no": 1, "account": "9", "wanted": "out", "hold_no": 5}

    def back(connection: Connection) -> list[Any]:
        connection.execute(places.insert(), {**join, "reasons": REASONS, "cause_no": 8})
        command.downgrade(configuration(connection), "0009")
        told = select(affected.c.organisation_id, affected.c.kind, affected.c.id, affected.c.event_no)
        return [*map(tuple, connection.execute(told))]

    assert await within(empty_url, back) == [("s1", "person", "joins", 8)]
    kept = select(places.c.person_id).where(places.c.hold_no.is_not(None))
    found = await within(empty_url, lambda connection: sorted(map(tuple, connection.execute(kept))))
    assert found == [("held",), ("rejected",)]
