"""On SQLite one service, and whatever is ordered beside it goes by its rate."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.simulator.entities import User
from adapters.simulator.server import simulator
from rollcall.output import Failed
from rollcall.settings import Settings
from rollcall.sole import is_served, sole_service
from tests.rollcall.processes import MAIN, PATIENCE_S
from tests.rollcall.test_serve import quiet, started

CLASSES = 3
NOWHERE = "http://127.0.0.1:9/max"
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def a_school() -> list[dict[str, Any]]:
    """With so many classes, all led by one teacher: each has two chats."""
    happenings: list[tuple[str, dict[str, Any]]] = [
        ("school.organisation.registered", {"organisation_id": "s", "name": "Школа"}),
        ("school.employee.hired", {"organisation_id": "s", "employee_id": "t", "position_type": "other"}),
        ("account.linked", {"person_id": "t", "provider": "max", "external_user_id": "7"}),
    ]
    of = {"organisation_id": "s", "school_year": "2026/2027", "homeroom_teacher_id": "t"}
    happenings += [
        ("school.class.opened", {**of, "class_id": str(number), "name": str(number)}) for number in range(CLASSES)
    ]
    head = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
    return [
        {**head, "id": str(number), "type": f"{kind}.v1", "data": data}
        for number, (kind, data) in enumerate(happenings)
    ]


async def reconciled(settings: dict[str, str]) -> str:
    environ = {**os.environ, **{f"ROLLCALL_{name}": value for name, value in settings.items()}}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MAIN, "reconcile", "--organisation", "s", env=environ, stdout=-1, stderr=-1
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, err.decode()
    return err.decode()


async def test_beside_a_service_a_reconcile_asks_the_platform_nothing_itself(tmp_path: Path) -> None:
    """Each counts its requests in its own memory: both together would exceed the rate."""
    async with simulator(requests_per_second=0) as platform:
        platform.world.put_users([User(7)])
        settings = {
            "WEB_PORT": "0",
            "DATABASE_URL": f"sqlite:///{tmp_path}/served.db",
            "ADMIN_TOKEN": "root-of-the-tests",
            "MAX_URL": platform.max_url,
            "MAX_TOKEN": "simulator",
            "MAX_PARTNER_OPERATIONS": "true",
        }
        async with (
            started("serve", **settings) as (_, url),
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"}) as session,
        ):
            async with session.post(f"{url}/v1/events", json=a_school(), headers=BATCH) as response:
                assert response.status == 202
            await quiet(session, url)
            assert f"{2 * CLASSES} of {2 * CLASSES} chats, 0 differences" in await reconciled(
                settings | {"MAX_URL": NOWHERE}
            )


def test_of_two_services_on_one_file_the_second_is_told(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/served.db")
    assert not is_served(settings)
    with sole_service(settings):
        assert is_served(settings)
        with pytest.raises(Failed, match="another `rollcall serve`"), sole_service(settings):
            pass
    assert not is_served(settings)


def test_on_postgresql_as_many_as_wanted() -> None:
    settings = Settings(database_url="postgresql://nobody@nowhere/none")
    with sole_service(settings), sole_service(settings):
        assert not is_served(settings)
