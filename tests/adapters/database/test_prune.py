"""What is older than it is kept goes, some rows at a time, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from adapters.database import prune
from adapters.database.prune import Prune
from adapters.database.schema import (
    audit,
    calls,
    changes,
    dead_letters,
    inbox,
    person_sessions,
    removals,
    used_hand_overs,
)
from adapters.database.store import Database
from tests.road import START

DAY = timedelta(days=1)
EVENTS_FOR, CALLS_FOR, AUDIT_FOR = 400 * DAY, 90 * DAY, 1100 * DAY


async def put(store: Database, table: Table, *rows: dict[str, Any]) -> None:
    async with store.writing() as connection:
        await connection.execute(insert(table), list(rows))


async def numbers(store: Database, table: Table) -> list[int]:
    async with store.reading() as connection:
        [key, *_] = table.primary_key.columns
        return [int(number) for (number,) in await connection.execute(select(key).order_by(key))]


def event(number: int, days: float) -> dict[str, Any]:
    at = START - days * DAY
    return {"no": number, "source": "sis", "id": str(number), "type": "t", "time": at, "received_at": at, "body": "{}"}


def change(number: int, days: float, *, told: bool) -> dict[str, Any]:
    at = START - days * DAY
    return {
        "change_no": number, "organisation_id": "s", "room_no": 1, "chat_id": "c", "person_id": "p", "account": "1",
        "action": "added", "reasons": [], "cause_no": 1, "at": at, "published_at": at if told else None,
    }  # fmt: skip


def letter(number: int, days: float, state: str) -> dict[str, Any]:
    at = START - days * DAY
    return {
        "no": number, "topic": "t", "partition": 0, "offset": number, "headers": [], "body": b"", "reason": "not_json",
        "errors": [], "received_at": at, "state": state, "published_at": at,
    }  # fmt: skip


@pytest.fixture
async def store(database_url: str) -> Any:
    database = Database(database_url)
    yield database
    await database.close()


async def test_old_events_go_in_slices_and_the_last_number_stays(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "AT_ONCE", 3)
    await put(store, inbox, *(event(number, 500) for number in range(1, 8)), event(8, 399), event(9, 1))
    pruning = Prune(store, EVENTS_FOR, CALLS_FOR, AUDIT_FOR, told=False)
    assert [await pruning.some(START) for _ in range(4)] == [3, 3, 1, 0]
    assert await numbers(store, inbox) == [8, 9]
    assert await pruning.some(START + 1000 * DAY) == 1
    assert await numbers(store, inbox) == [9]


async def test_calls_and_changes_go_later_than_they_were_told(store: Database) -> None:
    call = {"room_no": 1, "action": "add", "accounts": [], "answer": "ok"}
    await put(store, calls, *({**call, "call_no": n, "at": START - d * DAY} for n, d in ((1, 91), (2, 89), (3, 1))))
    await put(store, changes, change(1, 91, told=True), change(2, 91, told=False), change(3, 1, told=True))
    await Prune(store, EVENTS_FOR, CALLS_FOR, AUDIT_FOR, told=True).some(START)
    assert (await numbers(store, calls), await numbers(store, changes)) == ([2, 3], [2, 3])
    await Prune(store, EVENTS_FOR, CALLS_FOR, AUDIT_FOR, told=False).some(START)
    assert await numbers(store, changes) == [3]


async def test_dead_letters_that_wait_stay_and_removals_are_counted_for_a_day(store: Database) -> None:
    await put(store, dead_letters, letter(1, 500, "waiting"), letter(2, 500, "discarded"), letter(3, 1, "retried"))
    removal = {"organisation_id": "s", "room_no": 1}
    gone, counted = START - 3 * DAY, START - timedelta(hours=25)
    await put(store, removals, {**removal, "person_id": "a", "at": gone}, {**removal, "person_id": "b", "at": counted})
    assert await Prune(store, EVENTS_FOR, CALLS_FOR, AUDIT_FOR, told=True).some(START) == 2
    assert await numbers(store, dead_letters) == [1, 3]


async def test_the_audit_is_kept_for_years_and_no_longer(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "AT_ONCE", 2)
    acts = dict(enumerate((1102, 1101, 1101, 1099, 1), 1))
    rows = ({"no": n, "token_id": "t", "at": START - d * DAY, "request": "POST /"} for n, d in acts.items())
    await put(store, audit, *rows)
    pruning = Prune(store, EVENTS_FOR, CALLS_FOR, AUDIT_FOR, told=False)
    assert [await pruning.some(START) for _ in range(3)] == [2, 1, 0]
    assert await numbers(store, audit) == [4, 5]


async def test_sessions_go_once_they_are_over_and_used_hand_overs_once_they_are_stale(store: Database) -> None:
    session = {"iss": "sis", "person_id": "p", "organisation_id": "s", "role": "student", "page": "chats"}
    over, good = START - timedelta(hours=5), START - timedelta(hours=3)
    began = [{**session, "digest": digest, "began_at": at, "used_at": at} for digest, at in (("a", over), ("b", good))]
    await put(store, person_sessions, *began)
    used = [{"iss": "sis", "jti": jti, "expires_at": START + at} for jti, at in (("a", -DAY), ("b", timedelta()))]
    await put(store, used_hand_overs, *used)
    assert await Prune(store, EVENTS_FOR, CALLS_FOR, AUDIT_FOR, told=True).some(START) == 2
    async with store.reading() as connection:
        assert list((await connection.execute(select(person_sessions.c.digest))).scalars()) == ["b"]
        assert list((await connection.execute(select(used_hand_overs.c.jti))).scalars()) == ["b"]
