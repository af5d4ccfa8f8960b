"""An SQLite file that is deleted, replaced, read-only or full while it is open: told, and nothing acknowledged."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from adapters.database.migrate import upgrade
from adapters.database.schema import persons
from adapters.database.store import Database
from sync.errors import StoreUnavailable

LIMITED = ("lock", "statement")


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_url)
    await put(opened, "anna")
    assert await opened.writable()
    yield opened
    await opened.close()


def list_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def put(database: Database, person: str) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(persons).values(person_id=person))


async def refused(database: Database) -> None:
    assert not await database.writable()
    with pytest.raises(StoreUnavailable):
        await put(database, "boris")


async def test_deleted(database: Database, tmp_path: Path) -> None:
    for path in list_of(tmp_path):
        path.unlink()
    await refused(database)
    assert not (tmp_path / "rollcall.db").exists()


async def test_replaced_and_put_back(database: Database, tmp_path: Path) -> None:
    path, aside = tmp_path / "rollcall.db", tmp_path / "aside"
    path.rename(aside)
    shutil.copy(aside, path)
    await refused(database)
    aside.rename(path)
    assert await database.writable()
    await put(database, "boris")


async def test_deleted_while_something_is_written_it_is_not_acknowledged(database: Database, tmp_path: Path) -> None:
    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(persons).values(person_id="boris"))
            (tmp_path / "rollcall.db").unlink()

    with pytest.raises(StoreUnavailable):
        await write()


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever may do anything writes to it all the same")
async def test_read_only(database: Database, tmp_path: Path) -> None:
    (tmp_path / "rollcall.db").chmod(0o400)
    assert not await database.writable()


@pytest.mark.parametrize(
    ("code", "writable"), [("SQLITE_FULL", False), ("SQLITE_READONLY", False), ("SQLITE_BUSY", True)]
)
async def test_what_a_try_comes_to(
    database: Database, monkeypatch: pytest.MonkeyPatch, code: str, writable: bool
) -> None:
    def connect(*_: Any, **__: Any) -> sqlite3.Connection:
        error = sqlite3.OperationalError("as the driver has it")
        error.sqlite_errorcode = getattr(sqlite3, code)
        raise error

    monkeypatch.setattr("adapters.database.sqlite_file.sqlite3.connect", connect)
    assert await database.writable() is writable


async def test_it_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    before = os.umask(0o022)
    try:
        await upgrade(f"sqlite:///{path}")
        opened = Database(f"sqlite:///{path}")
        await put(opened, "anna")
        modes = {stat.S_IMODE(each.stat().st_mode) for each in list_of(tmp_path)}
        await opened.close()
    finally:
        os.umask(before)
    assert modes == {0o600}


async def test_what_is_committed_is_on_the_disk(database: Database) -> None:
    async with database.writing() as connection:
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar_one() == 2


async def test_a_table_that_somebody_locks_is_unavailable_and_not_for_ever(postgresql_url: str) -> None:
    database = Database(postgresql_url)

    async def write() -> None:
        async with database.writing() as connection:
            shown = [(await connection.execute(text(f"SHOW {name}_timeout"))).scalar_one() for name in LIMITED]
            assert shown == ["10s", "1min"]
            await connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
            await connection.execute(insert(persons).values(person_id="anna"))

    async with database.writing() as holder:
        await holder.execute(text("LOCK TABLE persons"))
        with pytest.raises(StoreUnavailable, match="55P03"):
            async with asyncio.timeout(60):
                await write()
    assert await database.writable()
    await database.close()
