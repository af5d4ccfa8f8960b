"""`rollcall serve` and `rollcall simulator` as processes: from the first event to the last signal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("school.organisation.registered", {"organisation_id": "s1", "name": "Школа"}),
    ("school.employee.hired", {"organisation_id": "s1", "employee_id": "t", "position_type": "teaching_staff"}),
    ("account.linked", {"person_id": "t", "provider": "max", "external_user_id": "7"}),
]

PATIENCE_S = 120


@contextlib.asynccontextmanager
async def started(command: str, **settings: str) -> AsyncIterator[tuple[Process, str]]:
    """A command as a process, and the address it says it listens on."""
    environ = {**os.environ, **{f"ROLLCALL_{name}": value for name, value in settings.items()}}
    arguments = ["-c", "from rollcall.cli import main; main()", command]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environ, stderr=PIPE)
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            address = await _address(process.stderr)
        yield process, address
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _address(said: asyncio.StreamReader) -> str:
    """Where it listens; what is logged before is passed over, and shown where it ends without."""
    before = ""
    while line := (await said.readline()).decode():
        if found := re.search(r"listens on (\S+)", line):
            return found[1]
        before += line
    raise AssertionError(before)


async def quiet(session: aiohttp.ClientSession, url: str) -> None:
    """Waits until nothing is on its way any more."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with session.get(f"{url}/v1/status") as response:
                status = await response.json()
            on_its_way = [status["outbox"][state] for state in ("pending", "in_flight", "retrying")]
            if not status["inbox_unprocessed"] and not any(on_its_way):
                return
            await asyncio.sleep(0.05)


def batch() -> list[dict[str, Any]]:
    head = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
    return [{**head, "id": str(no), "type": f"{kind}.v1", "data": data} for no, (kind, data) in enumerate(EVENTS)]


async def test_events_posted_to_a_served_school_are_members_on_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started("simulator", SIMULATOR_PORT="0") as (simulator, platform):
        settings = {
            "WEB_PORT": "0",
            "DATABASE_URL": f"sqlite:///{tmp_path}/served.db",
            "ADMIN_TOKEN": "root-of-the-tests",
            "MAX_URL": f"{platform}/max",
            "MAX_TOKEN": "simulator",
            "MAX_PARTNER_OPERATIONS": "true",
        }
        async with (
            started("serve", **settings) as (serving, url),
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"}) as session,
        ):
            async with session.post(f"{platform}/_sim/users", json=[{"user_id": 7}]) as response:
                assert response.status == 200
            headers = {"Content-Type": "application/cloudevents-batch+json"}
            async with session.post(f"{url}/v1/events", json=batch(), headers=headers) as response:
                assert response.status == 202
            await quiet(session, url)
            async with session.get(f"{platform}/_sim/chats") as response:
                [chat] = await response.json()
            assert [each["user_id"] for each in chat["members"] if not each["is_owner"]] == [7]
            await ended_well(serving)
        await ended_well(simulator)


async def ended_well(process: Process) -> str:
    """Ends a process, cleanly and within 10 s of SIGTERM; gives what it had to say."""
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, said = await process.communicate()
    assert (process.returncode, time.monotonic() - asked < 10) == (0, True), said.decode()
    return said.decode()


async def test_an_address_in_use_is_told_and_ends_with_1(tmp_path: Path) -> None:
    async with started("simulator", SIMULATOR_PORT="0") as (_, platform):
        port = platform.rpartition(":")[2]
        settings = {"WEB_PORT": port, "DATABASE_URL": f"sqlite:///{tmp_path}/served.db"}
        with pytest.raises(AssertionError, match=f"127.0.0.1:{port}: "):
            async with started("serve", **settings):
                pass


@pytest.mark.parametrize(
    ("settings", "state", "error"),
    [
        ({}, "refuses", "token.not.set"),
        ({"MAX_TOKEN": "wrong"}, "refuses", "verify.token"),
        ({"MAX_TOKEN": "t", "MAX_URL": "http://127.0.0.1:9/max"}, "unreachable", "connection.failed"),
    ],
)
async def test_an_account_that_cannot_be_worked_with_is_told_within_seconds(
    tmp_path: Path, settings: dict[str, str], state: str, error: str
) -> None:
    """Before anybody is linked; in the log, too."""
    async with started("simulator", SIMULATOR_PORT="0") as (_, platform):
        own = {"WEB_PORT": "0", "DATABASE_URL": f"sqlite:///{tmp_path}/served.db", "ADMIN_TOKEN": "root-of-the-tests"}
        async with (
            started("serve", **own, **({"MAX_URL": f"{platform}/max"} | settings)) as (serving, url),
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"}) as session,
        ):
            headers = {"Content-Type": "application/cloudevents-batch+json"}
            async with session.post(f"{url}/v1/events", json=batch()[:1], headers=headers) as response:
                assert response.status == 202
            account = await told_of(session, url, state)
            assert (account["account"], account["last_error"]) == ("max", error)
            assert '"platform.account"' in await ended_well(serving)


async def told_of(session: aiohttp.ClientSession, url: str, state: str) -> dict[str, Any]:
    """The account, once it is told to be so."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with session.get(f"{url}/v1/status") as response:
                accounts: list[dict[str, Any]] = (await response.json())["platform_accounts"]
            for account in accounts:
                if account["state"] == state:
                    return account
            await asyncio.sleep(0.1)
