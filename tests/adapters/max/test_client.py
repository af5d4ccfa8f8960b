"""The client on the wire: how often it asks, how long it waits, what it lets out."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from socket import create_server
from typing import Any, cast

import pytest

from adapters.max.client import MaxClient, max_client
from adapters.max.errors import refusal
from adapters.simulator.entities import SERVICE_ID, User
from adapters.simulator.faults import Faults, Plan
from adapters.simulator.server import Simulator, simulator
from adapters.wire.transport import Transport
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from tests.doubles.counted_slots import Slots

TOKEN = "the-secret-token"


@pytest.fixture
async def running() -> AsyncIterator[Simulator]:
    async with simulator(token=TOKEN, requests_per_second=0) as started:
        started.world.put_users(User(user_id, "+79161234567", "Анна", "Иванова") for user_id in range(1, 251))
        yield started


@pytest.fixture
def slots() -> Slots:
    return Slots()


@pytest.fixture
async def client(running: Simulator, slots: Slots) -> AsyncIterator[MaxClient]:
    async with max_client(running.max_url, TOKEN, call_timeout_s=5, partner_operations=True, slot=slots) as connected:
        yield connected


@pytest.fixture
async def chat(client: MaxClient) -> str:
    return await client.create_chat("7 Б", "nonce-1")


def break_down(running: Simulator, fault: str, times: int | None = None, latency_ms: int = 0) -> None:
    running.simulation.faults = Faults(Plan(rates={fault: 1}, until_calls=times, latency_ms=latency_ms))


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "server_error", "wrong_json", "too_many"])
async def test_no_write_is_ever_sent_twice(running: Simulator, client: MaxClient, chat: str, fault: str) -> None:
    await client.add_members(chat, [AccountId("1")])
    before = len(running.world.calls)
    writes: list[Callable[[], Awaitable[object]]] = [
        lambda: client.create_chat("7 Б", "nonce-2"),
        lambda: client.rename_chat(chat, "8 Б"),
        lambda: client.grant_admin(chat, [AccountId("1")]),
        lambda: client.revoke_admin(chat, AccountId("1")),
        lambda: client.add_members(chat, [AccountId("2")]),
        lambda: client.remove_member(chat, AccountId("1")),
        lambda: client.archive_chat(chat, "8 Б"),
    ]
    for write in writes:
        break_down(running, fault, times=1)  # what came a second time would succeed
        with pytest.raises(PlatformError) as caught:
            await write()
        assert caught.value.failure is (Failure.BUSY if fault == "too_many" else Failure.UNCONFIRMED)
    assert len(running.world.calls) == before + len(writes)


@pytest.mark.parametrize("fault", ["reset_before", "server_error", "wrong_json"])
async def test_a_read_that_broke_is_tried_again(
    running: Simulator, client: MaxClient, slots: Slots, chat: str, fault: str
) -> None:
    await client.add_members(chat, [AccountId("1")])
    break_down(running, fault, times=2)
    assert await client.read_members(chat, [AccountId("1")]) == {"1": "member"}
    assert slots.taken == 2


async def test_a_read_is_given_up_after_three_tries(running: Simulator, client: MaxClient, chat: str) -> None:
    break_down(running, "reset_before", times=3)
    with pytest.raises(PlatformError):
        await client.read_members(chat, [AccountId("1")])
    assert await client.read_members(chat, [AccountId("1")]) == {}


async def test_a_refused_read_is_not_tried_again(
    running: Simulator, client: MaxClient, slots: Slots, chat: str
) -> None:
    break_down(running, "too_many", times=1)
    with pytest.raises(PlatformError) as caught:
        await client.list_members(chat)
    assert (caught.value.failure, slots.taken) == (Failure.BUSY, 1)  # a listing takes each of its own


async def test_each_page_of_a_listing_asks_for_a_slot(client: MaxClient, slots: Slots, chat: str) -> None:
    for first in range(1, 250, 100):
        await client.add_members(chat, [AccountId(str(user_id)) for user_id in range(first, min(first + 100, 251))])
    assert len(await client.list_members(chat)) == 250
    assert slots.taken == 4  # three pages, and who we are ourselves
    await client.list_members(chat)
    assert slots.taken == 7  # who we are is remembered


async def test_a_late_answer_is_unconfirmed_and_may_still_take_effect(running: Simulator, chat: str) -> None:
    break_down(running, "latency", latency_ms=1000)
    async with max_client(running.max_url, TOKEN, call_timeout_s=0.5) as hasty:
        with pytest.raises(PlatformError) as caught:
            await hasty.add_members(chat, [AccountId("1")])
    assert (caught.value.failure, caught.value.code) == (Failure.UNCONFIRMED, "timeout")
    running.simulation.faults = Faults()
    async with max_client(running.max_url, TOKEN, call_timeout_s=5) as patient:
        async with asyncio.timeout(60):
            while not await patient.read_members(chat, [AccountId("1")]):
                pass
    assert [(call.action, call.answered) for call in running.world.calls[1:]] == [("add", False)]


async def test_a_refused_connection_carried_nothing() -> None:
    with closing(create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    async with max_client(f"http://127.0.0.1:{port}", TOKEN, call_timeout_s=5) as client:
        with pytest.raises(PlatformError) as caught:
            await client.add_members("-1", [AccountId("1")])
    assert (caught.value.failure, caught.value.code) == (Failure.BUSY, "connection.failed")


async def test_a_refused_token_is_told_from_a_refused_call(running: Simulator) -> None:
    async with max_client(running.max_url, "another", call_timeout_s=5) as stranger:
        with pytest.raises(PlatformError) as caught:
            await stranger.read_members("-1", [AccountId("1")])
    assert caught.value.failure is Failure.CREDENTIALS


async def test_a_wrong_address_takes_nobody_for_gone(running: Simulator) -> None:
    async with max_client(running.url + "/elsewhere", TOKEN, call_timeout_s=5) as lost:
        with pytest.raises(PlatformError) as caught:
            await lost.remove_member("-1", AccountId("1"))
    assert caught.value.failure is Failure.BUSY


async def test_administrators_keep_order_and_no_more(running: Simulator, client: MaxClient, chat: str) -> None:
    await client.add_members(chat, [AccountId("1")])
    await client.grant_admin(chat, [AccountId("1")])
    permissions = running.world.chats[int(chat)].members[1].permissions
    assert permissions == {"read_all_messages", "write", "pin_message", "can_call"}


@pytest.mark.parametrize("fault", ["reset_after", "server_error", "wrong_json", "too_many", "lying_ok"])
async def test_nothing_personal_or_secret_gets_into_errors_and_logs(
    running: Simulator, client: MaxClient, chat: str, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    said = [repr(client), repr(vars(client))]
    break_down(running, fault)
    calls: list[Any] = [client.rename_chat(chat, "Иванова Анна"), client.list_members(chat)]
    for call in calls:
        try:
            await call
        except PlatformError as error:
            said += [repr(error), "".join(traceback.format_exception(error))]
    for private in (TOKEN, "Иванова", "+7916"):
        assert private not in "".join(said) + caplog.text


@dataclass
class Gateway:
    """Something in between that answers removals by itself. `members` are in the chat."""

    members: list[int]
    call_timeout_s: float = 5.0

    async def send(self, method: str, path: str, *, query: Any = None, body: object = None) -> dict[str, Any]:
        if method == "DELETE":
            raise refusal(404, {"code": "not.found", "message": "no such route"}, {})
        return {"members": [{"user_id": user_id} for user_id in self.members]}


async def test_that_a_member_is_not_there_is_read_before_it_is_believed() -> None:
    await MaxClient(cast("Transport", Gateway([])), partner_operations=True).remove_member("-1", AccountId("1"))
    with pytest.raises(PlatformError) as caught:
        await MaxClient(cast("Transport", Gateway([1])), partner_operations=True).remove_member("-1", AccountId("1"))
    assert caught.value.failure is Failure.UNCONFIRMED


async def test_who_has_looked_at_a_chat_neither_sees_nor_takes_out_the_service_itself(
    running: Simulator, client: MaxClient, slots: Slots, chat: str
) -> None:
    own = str(SERVICE_ID)
    await client.paced(slots).read_chat(chat)
    assert await client.read_members(chat, [AccountId(own)]) == {}
    await client.remove_member(chat, AccountId(own))
    assert SERVICE_ID in running.world.chats[int(chat)].members
