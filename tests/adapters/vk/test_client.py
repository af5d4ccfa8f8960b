"""The client on the wire: how often it asks, what it believes, what it lets out."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

import pytest

from adapters.simulator.entities import SERVICE_ID, Member, User
from adapters.simulator.faults import Faults, Plan
from adapters.simulator.server import Simulator, simulator
from adapters.vk.client import VkClient, vk_client
from adapters.vk.errors import told
from adapters.vk.methods import Methods
from adapters.wire.transport import Transport
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.platform import Refusal
from tests.doubles.counted_slots import Slots

TOKEN = "the-secret-token"


@pytest.fixture
async def running() -> AsyncIterator[Simulator]:
    async with simulator(token=TOKEN, requests_per_second=0) as started:
        started.world.put_users(User(user_id, "+79161234567", "Анна", "Иванова") for user_id in range(1, 2001))
        yield started


@pytest.fixture
def slots() -> Slots:
    return Slots()


@pytest.fixture
async def client(running: Simulator, slots: Slots) -> AsyncIterator[VkClient]:
    async with vk_client(running.vk_url, TOKEN, call_timeout_s=5, slot=slots) as connected:
        yield connected


@pytest.fixture
async def chat(client: VkClient) -> str:
    return await client.create_chat("7 Б", "nonce-1")


def accounts(*user_ids: int) -> list[AccountId]:
    return [AccountId(str(user_id)) for user_id in user_ids]


def break_down(running: Simulator, fault: str, times: int | None = None) -> None:
    running.simulation.faults = Faults(Plan(rates={fault: 1}, until_calls=times))


def fill(running: Simulator, chat: str, people: int) -> None:
    world = running.world
    world.add(int(chat), range(1, people + 1), world.chats[int(chat)].made_at)


async def test_25_people_come_in_by_one_request(running: Simulator, client: VkClient, chat: str, slots: Slots) -> None:
    before = len(running.world.calls)
    assert await client.add_members(chat, accounts(*range(1, 26))) == {}
    assert len(await client.list_members(chat)) == 25
    [call] = running.world.calls[before:]
    assert (call.action, len(call.user_ids), call.path) == ("add", 25, "/vk/method/execute")
    assert slots.taken == 2  # the listing's: a page, and who we are ourselves


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "server_error", "wrong_json", "too_many"])
async def test_nothing_is_ever_sent_twice(running: Simulator, client: VkClient, chat: str, fault: str) -> None:
    await client.add_members(chat, accounts(1, 3))
    before = len(running.world.calls)
    writes: list[Callable[[], Awaitable[object]]] = [
        lambda: client.create_chat("7 Б", "nonce-2"),
        lambda: client.rename_chat(chat, "8 Б"),
        lambda: client.grant_admin(chat, accounts(1, 3)),
        lambda: client.revoke_admin(chat, AccountId("1")),
        lambda: client.add_members(chat, accounts(2, 4)),
        lambda: client.remove_member(chat, AccountId("1")),
        lambda: client.archive_chat(chat, "8 Б"),
    ]
    for write in writes:
        break_down(running, fault, times=1)  # what came a second time would succeed
        with pytest.raises(PlatformError) as caught:
            await write()
        assert caught.value.failure is (Failure.BUSY if fault == "too_many" else Failure.UNCONFIRMED)
    assert len(running.world.calls) == before + len(writes)
    break_down(running, fault, times=1)
    with pytest.raises(PlatformError):
        await client.read_members(chat, accounts(1))


async def test_pages_are_of_a_thousand_and_each_asks_for_a_slot(
    running: Simulator, client: VkClient, chat: str, slots: Slots
) -> None:
    fill(running, chat, 1999)
    assert len(await client.list_members(chat)) == 1999
    assert slots.taken == 3
    assert await client.read_members(chat, accounts(1999, 2000)) == {"1999": "member"}
    assert slots.taken == 4  # the first has its slot already


async def test_who_is_in_already_was_added_and_whom_nobody_may_add_is_refused(
    running: Simulator, client: VkClient, chat: str
) -> None:
    await client.add_members(chat, accounts(1))
    assert await client.add_members(chat, accounts(1)) == {}
    assert await client.add_members(chat, accounts(1, 2)) == {}
    denied = Denying(running, client, {3})
    assert await denied.add(chat, 3) == {"3": Refusal("vk.15", for_good=True)}
    assert await denied.add(chat, 3, 4) == {"3": Refusal("vk.15", for_good=True)}
    running.world.chats[int(chat)].members[SERVICE_ID] = Member(running.world.chats[int(chat)].made_at)
    with pytest.raises(PlatformError) as caught:
        await denied.add(chat, 3)
    assert caught.value.failure is Failure.NEEDS_PERSON


class Denying:
    """The platform, but that it denies access to some users where others are added."""

    def __init__(self, running: Simulator, client: VkClient, users: set[int]) -> None:
        self.client, self.users = client, users
        self.inner: Methods = client._methods

    async def add(self, chat: str, *user_ids: int) -> Mapping[AccountId, Refusal]:
        return await VkClient(cast("Methods", self)).add_members(chat, accounts(*user_ids))

    async def call(self, name: str, params: Mapping[str, Any]) -> Any:
        return await self.inner.call(name, params)

    async def each(self, methods: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Any]:
        return [
            told({"error_code": 15}) if params.get("user_id") in self.users else await self.inner.call(name, params)
            for name, params in methods
        ]


async def test_a_chat_that_is_full_says_so_of_each_who_does_not_fit(
    running: Simulator, client: VkClient, chat: str
) -> None:
    running.world.set_most(int(chat), 3)
    assert await client.add_members(chat, accounts(1, 2, 3)) == {"3": Refusal("chat.full", for_good=True)}
    assert await client.add_members(chat, accounts(4)) == {"4": Refusal("chat.full", for_good=True)}


async def test_of_several_some_fail_for_now(running: Simulator, client: VkClient, chat: str) -> None:
    break_down(running, "partial", times=1)
    refused = await client.add_members(chat, accounts(*range(1, 26)))
    assert refused
    assert set(refused.values()) == {Refusal("vk.9", for_good=False)}
    assert await client.list_members(chat) == dict.fromkeys({*accounts(*range(1, 26))} - refused.keys(), "member")


async def test_a_refused_token_is_told_from_a_refused_call(running: Simulator) -> None:
    async with vk_client(running.vk_url, "another", call_timeout_s=5) as stranger:
        with pytest.raises(PlatformError) as caught:
            await stranger.add_members("1", accounts(1, 2))
    assert (caught.value.failure, caught.value.code) == (Failure.CREDENTIALS, "vk.5")


async def test_the_service_itself_is_neither_seen_nor_taken_out(
    client: VkClient, running: Simulator, chat: str
) -> None:
    own = AccountId(str(SERVICE_ID))
    assert await client.own_account() == own
    assert await client.read_members(chat, [own]) == {}
    before = len(running.world.calls)
    await client.add_members(chat, [own])
    await client.grant_admin(chat, [own])
    await client.revoke_admin(chat, own)
    await client.remove_member(chat, own)
    assert len(running.world.calls) == before
    assert SERVICE_ID in running.world.chats[int(chat)].members


@pytest.mark.parametrize("fault", ["reset_after", "server_error", "wrong_json", "too_many", "lying_ok"])
async def test_nothing_personal_or_secret_gets_into_errors_and_logs(
    running: Simulator, client: VkClient, chat: str, caplog: pytest.LogCaptureFixture, fault: str
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


class Saying:
    """A transport that gives the same answer to everything."""

    call_timeout_s = 5.0

    def __init__(self, text: str) -> None:
        self.answer = json.loads(text)

    async def send(self, *_: Any, **__: Any) -> Any:
        return self.answer


ODD = (
    "{}", '{"response": null}', '{"response": []}', '{"response": true}', '{"response": [1]}', '{"response": {}}',
    '{"response": [false, false]}', '{"response": [false, false], "execute_errors": {}}', '{"error": null}',
    '{"error": {"error_code": "6"}}', '{"response": {"count": 1, "items": [{}]}}', '{"response": {"items": []}}',
    '{"response": {"chat_id": -1}}', '{"response": {"count": 1, "items": [{"member_id": "7"}]}}',
    '{"response": {"count": 9000000000, "items": [{"member_id": 7}]}}',
    '{"response": {"items": [{"chat_settings": {"title": 5}}]}}', '{"response": [{"id": 0}]}',
)  # fmt: skip


async def test_who_has_not_accepted_to_come_yet_is_not_in() -> None:
    items = '[{"member_id": 7}, {"member_id": 8, "is_message_request": true}]'
    told = Saying(f'{{"response": {{"count": 2, "items": {items}}}}}')
    client = VkClient(Methods(cast("Transport", told), TOKEN))
    assert await client.read_members("1", accounts(7, 8)) == {"7": "member"}


@pytest.mark.parametrize("text", ODD)
async def test_what_makes_no_sense_is_believed_by_no_call(text: str) -> None:
    client = VkClient(Methods(cast("Transport", Saying(text)), TOKEN))
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: client.create_chat("7 Б", "nonce"),
        lambda: client.read_chat("1"),
        lambda: client.rename_chat("1", "8 Б"),
        lambda: client.archive_chat("1", "8 Б"),
        lambda: client.add_members("1", accounts(1, 2)),
        lambda: client.remove_member("1", AccountId("1")),
        lambda: client.grant_admin("1", accounts(1, 2)),
        lambda: client.revoke_admin("1", AccountId("1")),
        lambda: client.read_members("1", accounts(1)),
        lambda: client.list_members("1"),
    ]
    for call in calls:
        with pytest.raises(PlatformError) as caught:
            await call()
        assert caught.value.failure is Failure.UNCONFIRMED
