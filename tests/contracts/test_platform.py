"""What every implementation of the chat platform's port does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.max.client import max_client
from adapters.simulator.entities import SERVICE_ID, Member, User
from adapters.simulator.faults import Faults, Plan
from adapters.simulator.ground import ALL_PERMISSIONS
from adapters.simulator.server import simulator
from adapters.simulator.world import World
from adapters.vk.client import vk_client
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.platform import ChatSeen, Platform, Refusal
from tests.doubles.platform import Lost, WorldPlatform

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
FAULTS = {Lost.BEFORE: "reset_before", Lost.AFTER: "reset_after", Lost.LIE: "lying_ok"}
MAKER = 300


@dataclass(frozen=True)
class Subject:
    """A platform, the world behind it, and a way to lose its next call.

    `all_or_none`: rights of several are granted together, or to nobody. `join`: where a chat's link leads to.
    `private`, `unknown`: the codes of who cannot be added.
    """

    platform: Platform
    world: World
    lose_next: Callable[[Lost], None]
    all_or_none: bool = True
    join: str = "https://max.ru/join/"
    private: str = "add.participant.privacy"
    unknown: str = "add.participant.not.found"


async def over_http(stack: AsyncExitStack, spoken: str = "max") -> Subject:
    running = await stack.enter_async_context(simulator(requests_per_second=0))

    def lose_next(how: Lost) -> None:
        running.simulation.faults = Faults(Plan(rates={FAULTS[how]: 1}, until_calls=1))

    if spoken == "vk":
        vk = await stack.enter_async_context(vk_client(running.vk_url, "simulator", call_timeout_s=5))
        told = {"join": "https://vk.me/join/", "private": "vk.939", "unknown": "vk.936"}
        return Subject(vk, running.world, lose_next, all_or_none=False, **told)
    partner = spoken == "max"
    client = max_client(running.max_url, "simulator", call_timeout_s=5, partner_operations=partner)
    return Subject(await stack.enter_async_context(client), running.world, lose_next)


who_make_chats = pytest.mark.parametrize("subject", ["memory", "max", "vk"], indirect=True)
"""A public bot neither makes nor archives chats."""

with_references = pytest.mark.parametrize("subject", ["memory", "max"], indirect=True)
"""VK takes no reference when a chat is made, and its successes are a number: what it does not tell nobody can doubt."""

with_an_archive = pytest.mark.parametrize("subject", ["memory", "max"], indirect=True)


@pytest.fixture(params=["memory", "max", "max public bot", "vk"])
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    async with AsyncExitStack() as stack:
        if request.param != "memory":
            made = await over_http(stack, request.param)
        else:
            double = WorldPlatform()
            made = Subject(double, double.world, double.outcomes.append)
        made.world.put_users(User(user_id) for user_id in range(1, 301))
        made.world.put_users([User(13, privacy=True)])
        yield made


@pytest.fixture
def platform(subject: Subject) -> Platform:
    return subject.platform


@pytest.fixture
def world(subject: Subject) -> World:
    return subject.world


@pytest.fixture
async def chat(platform: Platform, world: World) -> str:
    """A chat without anybody: of a public bot, one that a person made and gave to it."""
    if platform.capabilities.makes_chats:
        return await platform.create_chat("7 Б", "nonce-1")
    made = world.make_chat(MAKER, "7 Б", AT)
    world.put_service(made.chat_id, MAKER, ALL_PERMISSIONS, AT)
    del made.members[MAKER]
    return str(made.chat_id)


async def test_a_chat_is_made_empty(platform: Platform, world: World, chat: str) -> None:
    assert world.chats[int(chat)].title == "7 Б"
    assert await platform.list_members(chat) == {}


@with_references
async def test_the_same_nonce_gives_the_same_chat(platform: Platform, world: World, chat: str) -> None:
    assert await platform.create_chat("7 Б", "nonce-1") == chat
    assert await platform.create_chat("7 Б", "nonce-2") != chat
    assert len(world.chats) == 2


@who_make_chats
async def test_a_title_is_cut_to_what_fits(platform: Platform, world: World, chat: str) -> None:
    await platform.rename_chat(chat, "я" * 250)
    long = await platform.create_chat("ю" * 250, "nonce-2")
    assert [made.title for made in world.chats.values()] == ["я" * 200, "ю" * 200]
    assert int(long) in world.chats


async def test_renaming_twice_is_a_success(platform: Platform, world: World, chat: str) -> None:
    await platform.rename_chat(chat, "8 Б")
    await platform.rename_chat(chat, "8 Б")
    assert world.chats[int(chat)].title == "8 Б"


async def test_adding_tells_who_was_not_added_and_why(subject: Subject, platform: Platform, chat: str) -> None:
    refused = await platform.add_members(
        chat, [AccountId("1"), AccountId("13"), AccountId("2"), AccountId("999"), AccountId("not-a-number")]
    )
    assert refused == {
        "13": Refusal(subject.private, for_good=True),
        "999": Refusal(subject.unknown, for_good=True),
        "not-a-number": Refusal(subject.unknown, for_good=True),
    }
    assert await platform.list_members(chat) == {"1": "member", "2": "member"}


async def test_adding_members_again_is_a_success(platform: Platform, chat: str) -> None:
    await platform.add_members(chat, [AccountId("1"), AccountId("2")])
    assert await platform.add_members(chat, [AccountId("2"), AccountId("3")]) == {}
    assert await platform.list_members(chat) == {"1": "member", "2": "member", "3": "member"}


async def test_a_listing_goes_through_every_page_and_leaves_the_service_out(platform: Platform, chat: str) -> None:
    everybody = [AccountId(str(user_id)) for user_id in range(1, 251) if user_id != 13]
    await add_all(platform, chat, everybody)
    assert await platform.list_members(chat) == dict.fromkeys(everybody, "member")


async def test_reading_tells_only_of_those_asked_for_who_are_in(platform: Platform, chat: str) -> None:
    await platform.add_members(chat, [AccountId("1"), AccountId("2"), AccountId("3")])
    await platform.grant_admin(chat, [AccountId("2")])
    assert await platform.read_members(
        chat, [AccountId("2"), AccountId("1"), AccountId("4"), AccountId("999"), AccountId("not-a-number")]
    ) == {"2": "admin", "1": "member"}
    assert await platform.read_members(chat, []) == {}


async def test_removing_who_is_not_there_is_a_success(platform: Platform, chat: str) -> None:
    await platform.add_members(chat, [AccountId("1"), AccountId("2")])
    for account in ("1", "1", "999", "not-a-number"):
        await platform.remove_member(chat, AccountId(account))
    assert await platform.list_members(chat) == {"2": "member"}


async def test_rights_are_granted_to_many_and_revoked_from_one(platform: Platform, chat: str) -> None:
    await platform.add_members(chat, [AccountId("1"), AccountId("2"), AccountId("3")])
    await platform.grant_admin(chat, [AccountId("1"), AccountId("2")])
    await platform.grant_admin(chat, [AccountId("2")])
    await platform.revoke_admin(chat, AccountId("1"))
    await platform.revoke_admin(chat, AccountId("1"))
    assert await platform.list_members(chat) == {"1": "member", "2": "admin", "3": "member"}


async def test_rights_of_who_is_not_a_member_are_for_reading_back(
    subject: Subject, platform: Platform, chat: str
) -> None:
    await platform.add_members(chat, [AccountId("1")])
    assert await failure(platform.grant_admin(chat, [AccountId("1"), AccountId("2")])) is Failure.UNCONFIRMED
    assert await failure(platform.revoke_admin(chat, AccountId("2"))) is Failure.UNCONFIRMED
    assert await platform.list_members(chat) == {"1": "member" if subject.all_or_none else "admin"}


@who_make_chats
async def test_a_chat_has_room_for_fifty_administrators_with_the_service(platform: Platform, chat: str) -> None:
    members = [AccountId(str(user_id)) for user_id in range(20, 70)]
    await add_all(platform, chat, members)
    at_once = platform.capabilities.admins_at_once
    first = members[: len(members) - at_once]
    if first:
        await platform.grant_admin(chat, first)
    assert await failure(platform.grant_admin(chat, members[len(first) :])) is Failure.REFUSED
    await platform.grant_admin(chat, members[len(first) : 49])


async def test_who_left_alone_is_not_there(platform: Platform, world: World, chat: str) -> None:
    await platform.add_members(chat, [AccountId("1"), AccountId("2")])
    world.leave(int(chat), 1, AT)
    assert await platform.read_members(chat, [AccountId("1"), AccountId("2")]) == {"2": "member"}


@with_an_archive
async def test_an_archived_chat_lets_people_out_but_not_in(platform: Platform, world: World, chat: str) -> None:
    await platform.add_members(chat, [AccountId("1"), AccountId("2")])
    await platform.archive_chat(chat, "7 Б")
    await platform.archive_chat(chat, "7 Б")
    await platform.remove_member(chat, AccountId("1"))
    assert await failure(platform.add_members(chat, [AccountId("3")])) is Failure.NEEDS_PERSON
    assert world.chats[int(chat)].archived
    assert await platform.list_members(chat) == {"2": "member"}


@pytest.mark.parametrize("subject", ["vk"], indirect=True)
async def test_where_there_is_no_archive_the_title_says_it(subject: Subject, platform: Platform, chat: str) -> None:
    await platform.archive_chat(chat, "7 Б")
    await platform.archive_chat(chat, "7 Б")
    seen = await platform.read_chat(chat)
    assert (seen.title, seen.archived, seen.marked) == ("7 Б (архив)", False, True)
    await platform.archive_chat(chat, "я" * 200)
    assert subject.world.chats[int(chat)].title == "я" * 192 + " (архив)"


async def test_a_chat_that_is_gone_is_gone_for_every_call(platform: Platform, world: World, chat: str) -> None:
    world.delete_chat(int(chat))
    assert {await failure(call) for call in every_call(platform, chat)} == {Failure.GONE}


async def test_lost_rights_need_a_person_for_every_call(platform: Platform, world: World, chat: str) -> None:
    world.chats[int(chat)].rights_lost = True
    assert {await failure(call) for call in every_call(platform, chat)} == {Failure.NEEDS_PERSON}
    world.chats[int(chat)].rights_lost = False
    await platform.rename_chat(chat, "8 Б")


async def test_a_call_lost_on_its_way_is_unconfirmed_and_not_done(subject: Subject, chat: str) -> None:
    subject.lose_next(Lost.BEFORE)
    assert await failure(subject.platform.add_members(chat, [AccountId("1")])) is Failure.UNCONFIRMED
    assert await subject.platform.list_members(chat) == {}


async def test_a_call_whose_answer_is_lost_is_unconfirmed_and_done(subject: Subject, chat: str) -> None:
    subject.lose_next(Lost.AFTER)
    assert await failure(subject.platform.add_members(chat, [AccountId("1")])) is Failure.UNCONFIRMED
    assert await subject.platform.list_members(chat) == {"1": "member"}


@with_references
async def test_a_chat_whose_making_was_not_answered_is_found_by_its_nonce(subject: Subject, world: World) -> None:
    subject.lose_next(Lost.AFTER)
    assert await failure(subject.platform.create_chat("7 Б", "nonce-1")) is Failure.UNCONFIRMED
    assert await subject.platform.create_chat("7 Б", "nonce-1") == str(*world.chats)


async def test_a_lying_success_shows_only_when_read_back(subject: Subject, chat: str) -> None:
    subject.lose_next(Lost.LIE)
    assert await subject.platform.add_members(chat, [AccountId("1")]) == {}
    assert await subject.platform.read_members(chat, [AccountId("1")]) == {}


@with_references
async def test_a_success_that_shows_no_chat_is_not_believed(subject: Subject, world: World, chat: str) -> None:
    subject.lose_next(Lost.LIE)
    assert await failure(subject.platform.rename_chat(chat, "8 Б")) is Failure.UNCONFIRMED
    subject.lose_next(Lost.LIE)
    assert await failure(subject.platform.create_chat("8 Б", "nonce-2")) is Failure.UNCONFIRMED
    assert [made.title for made in world.chats.values()] == ["7 Б"]


async def test_a_public_bot_says_that_a_person_makes_and_archives_chats() -> None:
    async with AsyncExitStack() as stack:
        bot = (await over_http(stack, "max public bot")).platform
        assert (bot.capabilities.makes_chats, bot.capabilities.archives_chats) == (False, False)
        assert await failure(bot.create_chat("7 Б", "nonce-1")) is Failure.NEEDS_PERSON
        assert await failure(bot.archive_chat("-1", "7 Б")) is Failure.NEEDS_PERSON


async def test_the_owner_of_an_adopted_chat_is_listed_and_the_service_is_not(subject: Subject, chat: str) -> None:
    members = subject.world.chats[int(chat)].members
    members[1] = Member(AT, is_admin=True, is_owner=True)
    members[SERVICE_ID] = Member(AT, is_admin=True)
    assert await subject.platform.list_members(chat) == {"1": "admin"}


async def test_the_chat_itself_is_read_by_who_administrates_it(subject: Subject, chat: str) -> None:
    assert await subject.platform.read_chat(chat) == ChatSeen(
        "7 Б", archived=False, link=f"{subject.join}{chat.lstrip('-')}"
    )
    subject.world.chats[int(chat)].members[SERVICE_ID] = Member(AT)
    assert await failure(subject.platform.read_chat(chat)) is Failure.NEEDS_PERSON


async def test_the_owner_of_an_adopted_chat_is_an_administrator_for_good(subject: Subject, chat: str) -> None:
    await subject.platform.add_members(chat, [AccountId("2")])
    members = subject.world.chats[int(chat)].members
    members[1] = Member(AT, is_admin=True, is_owner=True)
    await subject.platform.grant_admin(chat, [AccountId("1")])
    assert await failure(subject.platform.grant_admin(chat, [AccountId("1"), AccountId("2")])) is Failure.REFUSED
    assert await failure(subject.platform.revoke_admin(chat, AccountId("1"))) is Failure.REFUSED
    assert await failure(subject.platform.remove_member(chat, AccountId("1"))) is Failure.REFUSED
    assert await subject.platform.list_members(chat) == {
        "1": "admin",
        "2": "member" if subject.all_or_none else "admin",
    }


async def test_a_right_that_is_lacking_needs_a_person(subject: Subject, chat: str) -> None:
    subject.world.chats[int(chat)].members[SERVICE_ID] = Member(AT, is_admin=True)
    assert await failure(subject.platform.add_members(chat, [AccountId("1")])) is Failure.NEEDS_PERSON
    assert await failure(subject.platform.rename_chat(chat, "8 Б")) is Failure.NEEDS_PERSON
    assert await subject.platform.list_members(chat) == {}


async def add_all(platform: Platform, chat: str, accounts: Sequence[AccountId]) -> None:
    at_once = platform.capabilities.add_at_once
    for first in range(0, len(accounts), at_once):
        assert await platform.add_members(chat, accounts[first : first + at_once]) == {}


def every_call(platform: Platform, chat: str) -> list[Coroutine[Any, Any, object]]:
    return [
        platform.read_chat(chat),
        platform.rename_chat(chat, "8 Б"),
        *([platform.archive_chat(chat, "7 Б")] if platform.capabilities.archives_chats else []),
        platform.add_members(chat, [AccountId("1")]),
        platform.remove_member(chat, AccountId("1")),
        platform.grant_admin(chat, [AccountId("1")]),
        platform.revoke_admin(chat, AccountId("1")),
        platform.read_members(chat, [AccountId("1")]),
        platform.list_members(chat),
    ]  # fmt: skip


async def failure(call: Coroutine[Any, Any, object]) -> Failure:
    with pytest.raises(PlatformError) as caught:
        await call
    return caught.value.failure


@who_make_chats
async def test_what_is_written_to_a_chat_is_there(subject: Subject) -> None:
    chat = await subject.platform.create_chat("5 А", "nonce")
    await subject.platform.write_message(chat, "Чат переехал")
    assert [(message.chat_id, message.text) for message in subject.world.messages] == [(int(chat), "Чат переехал")]


@pytest.mark.parametrize("how", [Lost.BEFORE, Lost.AFTER])
@who_make_chats
async def test_of_a_message_that_is_not_answered_nobody_knows(subject: Subject, how: Lost) -> None:
    chat = await subject.platform.create_chat("5 А", "nonce")
    subject.lose_next(how)
    with pytest.raises(PlatformError) as failed:
        await subject.platform.write_message(chat, "Чат переехал")
    assert failed.value.failure is Failure.UNCONFIRMED
    assert len(subject.world.messages) == (how is Lost.AFTER)
