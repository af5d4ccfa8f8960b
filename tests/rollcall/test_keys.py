"""The key to the phones: made once, beside the file; changed by `rollcall keys rotate`, broken off or not."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from adapters.database.linking import rotation
from adapters.database.store import Database
from adapters.vault import SecretVault
from rollcall.output import Failed
from rollcall.roles import SERVE
from rollcall.secret_key import key_file, replace_secrets, secrets_of
from rollcall.serving import run_until_stopped
from rollcall.settings import Settings, read_settings
from rollcall.sole import sole_service
from sync.ids import AccountId, PersonId
from sync.ports.linking import LinkedPhone
from tests.rollcall.conftest import CommandLine

FORMER, PRESENT = "f" * 32, "p" * 32
T = TypeVar("T")


def phone(number: int) -> str:
    return f"+79{number:09}"


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def done() -> T:
        database = Database(settings.database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(done())


def keep(settings: Settings, count: int = 3) -> None:
    vault = SecretVault(secrets_of(settings))

    async def kept(database: Database) -> None:
        async with database.linking() as tx:
            for number in range(count):
                person = PersonId(f"p{number:04}")
                sealed = vault.seal_phone(phone(number), person)
                await tx.phones.keep(LinkedPhone(person, "max", AccountId(str(number + 1)), sealed))

    with_database(settings, kept)


def readable(settings: Settings, secret: str, count: int = 3) -> int:
    """How many of the phones that key alone reads, and finds."""
    vault = SecretVault([secret])

    async def found(database: Database) -> int:
        async with database.reading_links() as rows:
            phones = [await rows.phone(PersonId(f"p{number:04}"), "max") for number in range(count)]
            opened = [vault.open_phone(each.phone, each.person_id) for each in phones if each is not None]
            looked_up = [await rows.with_phone(vault.phone_digests(phone(number))) for number in range(count)]
        return sum(text == phone(at) and len(looked_up[at]) == 1 for at, text in enumerate(opened))

    return with_database(settings, found)


def test_a_key_is_made_once_beside_the_file_for_nobody_else_to_read(rollcall: CommandLine) -> None:
    settings = read_settings()
    [made] = secrets_of(settings)
    path = key_file(settings)
    assert path is not None
    assert (len(made) >= 32, secrets_of(settings), stat.S_IMODE(path.stat().st_mode)) == (True, [made], 0o600)
    assert sorted(each.name for each in path.parent.glob("*-key*")) == [path.name]


def test_an_empty_key_file_is_told(rollcall: CommandLine) -> None:
    path = key_file(read_settings())
    assert path is not None
    path.touch()
    with pytest.raises(Failed, match="empty"):
        secrets_of(read_settings())


def test_on_postgresql_a_key_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Failed, match="SECRET_KEY"):
        secrets_of(read_settings())
    with pytest.raises(Failed, match="SECRET_KEY"):
        asyncio.run(run_until_stopped(read_settings(), SERVE))
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", PRESENT)
    assert secrets_of(read_settings()) == [PRESENT]


def test_a_key_that_is_set_takes_the_former_ones_place(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", FORMER)
    keep(read_settings())
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", PRESENT)
    ended = rollcall("keys", "rotate")
    assert (ended.code, "SECRET_KEY_FORMER" in ended.err) == (3, True)
    monkeypatch.setenv("ROLLCALL_SECRET_KEY_FORMER", FORMER)
    assert rollcall("keys", "rotate").code == 0
    assert (readable(read_settings(), PRESENT), readable(read_settings(), FORMER)) == (3, 0)
    monkeypatch.delenv("ROLLCALL_SECRET_KEY_FORMER")
    assert rollcall("keys", "rotate").code == 0


def test_a_key_beside_the_file_is_made_anew(rollcall: CommandLine) -> None:
    settings = read_settings()
    [former] = secrets_of(settings)
    keep(settings)
    assert rollcall("keys", "rotate").code == 0
    [present] = secrets_of(settings)
    assert (present != former, readable(settings, present)) == (True, 3)


def test_broken_off_after_some_it_goes_on(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    [former] = secrets_of(settings)
    keep(settings, count=5)
    path = key_file(settings)
    assert path is not None
    replace_secrets(path, [PRESENT, former])
    monkeypatch.setattr(rotation, "AT_ONCE", 2)
    vault = SecretVault([PRESENT, former])

    async def broken_off(database: Database) -> None:
        async for _ in rotation.Rotation(database, vault.key_id, vault.turned).turned():
            return

    with_database(settings, broken_off)
    assert (readable(settings, PRESENT, 5), readable(settings, former, 5)) == (2, 3)
    assert rollcall("keys", "rotate").code == 0
    assert (secrets_of(settings), readable(settings, PRESENT, 5)) == ([PRESENT], 5)


def test_while_a_service_runs_its_key_stays(rollcall: CommandLine) -> None:
    settings = read_settings()
    before = secrets_of(settings)
    with sole_service(settings):
        ended = rollcall("keys", "rotate")
    assert (ended.code, secrets_of(settings)) == (3, before)


def test_a_file_that_others_may_read_is_taken_from_them(rollcall: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "rollcall.db"
    path.chmod(0o644)
    assert rollcall("status").code in {0, 3}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.access(path, os.R_OK)
