"""A database that is away for now is told from one that refuses for good."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.database import engine
from adapters.database.bulk import Bulk
from adapters.database.engine import translated
from adapters.database.schema import account_assertions
from adapters.database.store import Database
from sync.errors import StoreFailed, StoreUnavailable
from tests.servers.postgresql import PostgreSQL


async def test_killed_and_starting_it_is_away_until_it_answers() -> None:
    server = PostgreSQL().start()
    database = Database(server.make_database("mortal"))
    try:
        for _ in range(3):
            assert await _answers(database)
            await asyncio.to_thread(server.kill)
            starting = asyncio.create_task(asyncio.to_thread(server.start))
            while not starting.done():
                await _answers(database)
                await asyncio.sleep(0.001)
            await starting
    finally:
        await database.close()
        server.stop()


async def _answers(database: Database) -> bool:
    try:
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1"))
    except StoreUnavailable:
        return False
    return True


async def test_without_a_connection_to_spare_it_is_away(postgresql: PostgreSQL, postgresql_url: str) -> None:
    postgresql.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    database = Database(postgresql_url.replace("rollcall@", "crowded@"))
    with pytest.raises(StoreUnavailable):
        async with database.reading():
            pass
    await database.close()
    postgresql.execute("DROP ROLE crowded")


@pytest.mark.parametrize(
    ("sqlstate", "away"),
    [("08006", True), ("40P01", True), ("53300", True), ("57P03", True), ("23505", False), ("42703", False)],
)
def test_its_states_tell(sqlstate: str, *, away: bool) -> None:
    class Refused(Exception):  # noqa: N818
        """As a driver has it."""

    refused = Refused()
    refused.sqlstate = sqlstate  # type: ignore[attr-defined]
    with pytest.raises(StoreUnavailable if away else StoreFailed), translated():
        raise DBAPIError("SELECT", None, refused)


async def test_errors_quote_none_of_the_values(postgresql_url: str) -> None:
    """What PostgreSQL says of a row that it refuses has all of the row in it."""
    database = Database(postgresql_url)

    async def write() -> None:
        async with database.writing() as connection:
            row = [("Иванова", "p", "max", "1", None)]
            columns = ("person_id", "provider", "source", "event_id", "time")
            await Bulk(connection).insert(account_assertions, columns, row)

    with pytest.raises(StoreFailed, match="NotNullViolationError 23502") as raised:
        await write()
    told = "".join(traceback.format_exception(raised.value))
    assert ("Иванова" in told, "in write" in told) == (False, True)
    await database.close()


async def test_without_a_connection_left_in_the_pool_it_is_away(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "POOL", 1)
    monkeypatch.setattr(engine, "WAIT_S", 0.2)
    database = Database(postgresql_url)
    async with database.writing(), database.reading():  # apart: who writes takes nothing from who reads
        with pytest.raises(StoreUnavailable):
            async with database.writing(), database.writing():
                pass
    await database.close()
