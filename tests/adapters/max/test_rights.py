"""What the service's own account may do in a chat, as the platform says it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from adapters.max.client import MaxClient, max_client
from adapters.max.payloads import NEEDED, lacking
from adapters.simulator.entities import User
from adapters.simulator.server import Simulator, simulator
from sync.errors import Failure, PlatformError

TEACHER = 7
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
async def running() -> AsyncIterator[Simulator]:
    async with simulator(requests_per_second=0) as started:
        started.world.put_users([User(TEACHER)])
        yield started


@pytest.fixture
def told() -> list[tuple[str, ...]]:
    return []


@pytest.fixture
async def client(running: Simulator, told: list[tuple[str, ...]]) -> AsyncIterator[MaxClient]:
    def tell(_chat: str, rights: Sequence[str]) -> None:
        told.append(tuple(rights))

    async with max_client(running.max_url, "simulator", call_timeout_s=5, tell_rights=tell) as connected:
        yield connected


def chat_with(running: Simulator, *permissions: str) -> str:
    made = running.world.make_chat(TEACHER, "7 Б", NOW, [])
    running.world.put_service(made.chat_id, TEACHER, permissions, NOW)
    return str(made.chat_id)


@pytest.mark.parametrize("lacks", ["read_all_messages", "add_admins", "change_chat_info"])
async def test_a_right_that_is_lacking_is_seen_and_told(
    running: Simulator, client: MaxClient, told: list[tuple[str, ...]], lacks: str
) -> None:
    seen = await client.read_chat(chat_with(running, *(set(NEEDED) - {lacks})))
    assert (seen.title, seen.lacks, told) == ("7 Б", (lacks,), [(lacks,)])


async def test_where_members_cannot_be_changed_a_person_is_needed(
    running: Simulator, client: MaxClient, told: list[tuple[str, ...]]
) -> None:
    with pytest.raises(PlatformError) as caught:
        await client.read_chat(chat_with(running, *(set(NEEDED) - {"add_remove_members"})))
    assert (caught.value.failure, caught.value.code) == (Failure.NEEDS_PERSON, "lacks.add_remove_members")
    assert told == [("add_remove_members",)]


async def test_with_all_rights_none_is_lacking(running: Simulator, client: MaxClient) -> None:
    assert (await client.read_chat(chat_with(running, *NEEDED))).lacks == ()


@pytest.mark.parametrize("own", [{"is_admin": True}, {"permissions": None}, {"is_owner": True, "permissions": []}])
def test_an_owner_and_a_platform_that_does_not_say_lack_nothing(own: dict[str, object]) -> None:
    assert lacking(own) == ()
