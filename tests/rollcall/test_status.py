"""`rollcall status`: what it says is the service's, and it ends with 3 where somebody is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from adapters.database.schema import dead_letters, offsets, places, rooms
from adapters.database.settle.transaction import SettlingTransaction
from adapters.database.store import Database
from sync.account_health import REFUSES, Health
from sync.platform import Capabilities
from tests.rollcall.conftest import CommandLine
from tests.rollcall.test_cli import EVENTS, lines

PUBLIC_BOT = Capabilities(makes_chats=False, archives_chats=False, add_at_once=100, admins_at_once=50, read_at_once=100)
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
LETTER = {
    "topic": "t", "partition": 0, "offset": 1, "headers": [], "body": b"", "reason": "not_json", "errors": [],
    "received_at": AT,
}  # fmt: skip


@pytest.fixture
def school(rollcall: CommandLine, tmp_path: Path) -> CommandLine:
    """A class with one pupil, who is linked."""
    link = {"type": "account.linked.v1", "data": {"person_id": "p", "provider": "max", "external_user_id": "7"}}
    file = tmp_path / "events.jsonl"
    file.write_bytes(lines(link, *EVENTS))
    assert rollcall("publish", str(file)).code == 0
    return rollcall


def written(url: str, statement: Any) -> None:
    async def write() -> None:
        database = Database(url)
        async with database.writing() as connection:
            await connection.execute(statement)
        await database.close()

    asyncio.run(write())


def noted(url: str, note: Callable[[SettlingTransaction], Awaitable[None]]) -> None:
    async def write() -> None:
        database = Database(url)
        async with database.settling() as tx:
            await note(tx)
        await database.close()

    asyncio.run(write())


def test_whether_a_chat_has_to_be_made_by_a_person_is_told_by_the_service_not_by_who_asks(
    school: CommandLine, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN", "t")
    monkeypatch.setenv("ROLLCALL_MAX_PARTNER_OPERATIONS", "true")
    assert school("status").code == 0
    noted(sqlite_url, lambda tx: tx.note_capabilities({"max": PUBLIC_BOT}))
    told = school("status", "--json")
    assert (told.code, [room["state"] for room in told.json["needs_person"]]) == (3, ["to_adopt"])


def test_whether_rooms_are_looked_at_and_by_which_accounts_is_told_by_the_service_too(
    school: CommandLine, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(sqlite_url, lambda tx: tx.note_capabilities({"max": PUBLIC_BOT}, "off"))
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN_NORTH", "of who asks")
    told = school("status", "--json").json
    assert (told["looks"], [each["account"] for each in told["platform_accounts"]]) == ("off", ["max"])
    noted(sqlite_url, lambda tx: tx.note_capabilities({"max": PUBLIC_BOT}, "on"))
    monkeypatch.setenv("ROLLCALL_LOOKS", "off")
    assert school("status", "--json").json["looks"] == "on"


def test_a_right_that_is_lacking_ends_with_3_and_is_told_with_what_to_do(school: CommandLine, sqlite_url: str) -> None:
    lacking = {"observed_life": "open", "external_chat_id": "1", "lacks": "add_admins", "lacks_since": AT}
    written(sqlite_url, update(rooms).values(lacking))
    ended = school("status")
    assert ended.code == 3
    [alarm] = [line for line in ended.err.splitlines() if line.startswith("alarm: rights_lacking")]
    assert alarm.startswith("alarm: rights_lacking in class:5a (s1): add_admins, since 2026-11-02T09:00:00Z → an ")


def test_a_refused_place_ends_with_3(school: CommandLine, sqlite_url: str) -> None:
    refused = update(places).values(refused_for=places.c.wanted, refused_code="add.participant.privacy")
    written(sqlite_url, refused)
    ended = school("status", "--json")
    assert (ended.code, ended.json["outbox"]["refused"]) == (3, 1)


def test_a_dead_letter_ends_with_3(school: CommandLine, sqlite_url: str) -> None:
    assert school("status").code == 0
    written(sqlite_url, insert(dead_letters).values(LETTER))
    assert school("status").code == 3


def test_an_account_that_refuses_its_token_ends_with_3_and_is_named_with_since_when(
    school: CommandLine, sqlite_url: str
) -> None:
    noted(sqlite_url, lambda tx: tx.note_health({"max": Health(REFUSES, "verify.token")}))
    ended = school("status")
    assert ended.code == 3
    [account] = [line for line in ended.err.splitlines() if line.startswith("account: ")]
    [alarm] = [line for line in ended.err.splitlines() if line.startswith("alarm: platform_refuses in max")]
    assert account.startswith("account: max: refuses, since 20")
    assert account.endswith("last error verify.token")
    assert ", since 20" in alarm


def test_a_chat_that_somebody_archived_is_named(school: CommandLine, sqlite_url: str) -> None:
    archived = {"observed_life": "archived", "external_chat_id": "1", "observed_title": "5 А", "due_at": None}
    written(sqlite_url, update(rooms).values(archived))
    ended = school("status", "--json")
    [room] = ended.json["needs_person"]
    assert (ended.code, room["chat_id"], room["state"]) == (3, "class:5a", "archived")


def test_the_lag_of_topics_that_somebody_else_reads_is_not_called_none(school: CommandLine, sqlite_url: str) -> None:
    written(sqlite_url, insert(offsets).values(topic="roster.events", partition=0, next=7))
    ended = school("status")
    assert ("unknown" in ended.out, "KAFKA_BOOTSTRAP_SERVERS" in ended.err) == (True, True)


def test_what_waits_for_a_person_is_told_with_the_next_command(school: CommandLine, sqlite_url: str) -> None:
    written(sqlite_url, insert(dead_letters).values(LETTER))
    assert "dead_letters: 1 → `rollcall dead-letters list`" in school("status").err
