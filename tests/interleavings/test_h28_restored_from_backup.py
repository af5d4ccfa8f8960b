"""H28: what happened since the backup is not in the database, and who was put in since is believed out.

Facts are read from the topics again. But a removal of somebody who is believed out is no removal: so all that was
observed is in doubt first, and read back.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.database.restored import Doubt
from adapters.database.store import Database
from tests.interleavings.told import Told, shown
from tests.road import Road
from tests.servers.postgresql import PostgreSQL

Backup = Callable[[Road], Awaitable[Callable[[], Database]]]


@pytest.fixture
def backup(request: pytest.FixtureRequest, tmp_path: Path) -> Backup:
    """Takes a backup of a road's database, which nobody may use meanwhile; gives what opens the restored one."""

    async def taken(road: Road) -> Callable[[], Database]:
        await road.database.close()
        if road.database.sqlite:
            copy = tmp_path / "backup.db"
            shutil.copy(str(road.database.url.database), copy)
            return lambda: Database(f"sqlite:///{copy}", clock=road.clock.of_database)
        server: PostgreSQL = request.getfixturevalue("postgresql")
        name = str(road.database.url.database)
        url = server.make_database(f"{name}_backup", name)
        request.addfinalizer(lambda: server.execute(f'DROP DATABASE "{name}_backup" WITH (FORCE)'))
        return lambda: Database(url, clock=road.clock.of_database)

    return taken


@asynccontextmanager
async def restored(road: Road, opened: Callable[[], Database]) -> AsyncIterator[Road]:
    database = opened()
    yield Road(database, road.clock, road.platform)
    await database.close()


async def doubted(road: Road) -> int:
    steps: list[int] = []
    doubt = Doubt(road.database, ["max"])
    expected = await doubt.rooms()
    assert await doubt.everything(steps.append) == sum(steps) == expected
    return expected


def a_class(told: Told) -> None:
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    for pupil, account in (("anna", "1"), ("boris", "2")):
        told.school("student.enrolled", student_id=pupil, class_id="5a")
        told.account("linked", pupil, account)


async def test_who_was_put_in_since_the_backup_and_is_expelled_leaves(road: Road, backup: Backup) -> None:
    told = Told()
    road.knows("1", "2")
    a_class(told)
    await road.post(told.events[:4])
    await road.converge()
    await road.post(told.events[4:])
    await road.plan()
    opened = await backup(road)
    await road.converge()
    assert await shown(road) == {"class:5a": {"1": "member", "2": "member"}}
    async with restored(road, opened) as later:
        assert await doubted(later) == 1
        await later.post([told.school("student.expelled", student_id="boris")])
        await later.converge()
        assert await shown(later) == {"class:5a": {"1": "member"}}


async def test_a_chat_made_since_the_backup_is_found_again(road: Road, backup: Backup) -> None:
    told = Told()
    road.knows("1", "2")
    a_class(told)
    await road.post(told.events)
    await road.plan()
    opened = await backup(road)
    await road.converge()
    async with restored(road, opened) as later:
        await doubted(later)
        await later.post([told.school("student.expelled", student_id=pupil) for pupil in ("anna", "boris")])
        await later.converge()
        assert await shown(later) == {}
    [chat] = road.platform.world.chats.values()
    assert [member for member in chat.members.values() if not member.is_owner] == []


async def test_nothing_changes_where_nothing_happened_since(road: Road, backup: Backup) -> None:
    told = Told()
    road.knows("1", "2")
    a_class(told)
    await road.post(told.events)
    await road.converge()
    opened = await backup(road)
    calls = len(road.platform.world.calls)
    async with restored(road, opened) as later:
        for _ in range(2):
            await doubted(later)
            await later.converge()
        assert await shown(later) == {"class:5a": {"1": "member", "2": "member"}}
        assert await later.unsettled() == []
    assert len(road.platform.world.calls) == calls


async def test_a_chat_that_nobody_has_an_account_for_is_left_alone(road: Road, backup: Backup) -> None:
    told = Told()
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    await road.post(told.events)
    await road.converge()
    assert await doubted(road) == 0
    await road.converge()
    assert road.platform.world.chats == {}
