"""What the ports of identities do, through the real adapters, against the simulator; attacks among it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from adapters.max.client import MaxClient, max_client
from adapters.max.updates import Told
from adapters.simulator.entities import User
from adapters.simulator.faults import Faults, Plan
from adapters.simulator.server import Simulator, simulator
from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.ports.identity import (
    LONGEST_START,
    BotDeed,
    BotStarted,
    CodeSent,
    Contact,
    ContactRefused,
    MessengerIdentity,
    Pressed,
    answer_of,
    answer_payload,
)
from tests.doubles.counted_slots import Slots

ANNA, BORIS, NOBODY = AccountId("1"), AccountId("2"), AccountId("999")
PHONE, NEW = "+79001234567", "+79007654321"
TOKEN = "the-secret-token"
QUESTION = "Анна И., Школа № 7: привязать учебный аккаунт?"


@dataclass
class Clock:
    at: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Bot:
    """A bot and the world that it speaks to."""

    running: Simulator
    client: MaxClient
    identity: MessengerIdentity
    clock: Clock
    http: aiohttp.ClientSession
    slots: Slots = field(default_factory=Slots)

    async def do(self, path: str, **body: Any) -> Any:
        async with self.http.post(f"{self.running.url}/_sim{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def code(self) -> str:
        async with self.http.get(f"{self.running.url}/_sim/codes") as response:
            return str((await response.json())[-1]["code"])

    async def heard(self) -> tuple[BotDeed, ...]:
        told: Told = await self.client.read_updates(None, timeout_s=0)
        assert not told.senseless
        return told.deeds

    @property
    def messages(self) -> list[Any]:
        return self.running.world.messages


@asynccontextmanager
async def bot_of(*, partner: bool = True, name: str | None = "sferum_bot", slots: Slots | None = None) -> Any:
    clock, counted = Clock(), slots or Slots()
    async with (
        simulator(token=TOKEN, requests_per_second=0, now=clock) as running,
        max_client(running.max_url, TOKEN, call_timeout_s=20, partner_operations=partner, slot=counted) as client,
        aiohttp.ClientSession() as http,
    ):
        running.world.put_users([User(1, PHONE, "Анна", "Иванова"), User(2, "+79000000002", "Борис", "Петров")])
        yield Bot(running, client, client.identity(name), clock, http, counted)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_of() as made:
        yield made


async def failure(call: Coroutine[Any, Any, object]) -> tuple[Failure, str]:
    with pytest.raises(PlatformError) as caught:
        await call
    return caught.value.failure, caught.value.code


def strike(bot: Bot, fault: str) -> None:
    bot.running.simulation.faults = Faults(Plan(rates={fault: 1}, until_calls=1))


# By phone


async def test_a_phone_tells_whose_it_is_and_one_that_max_does_not_know_nobodys(bot: Bot) -> None:
    assert await bot.identity.resolve(PHONE) == ANNA
    assert await bot.identity.resolve(NEW) is None


async def test_a_wrong_address_takes_nobody_for_unknown(bot: Bot) -> None:
    async with max_client(f"{bot.running.url}/elsewhere", TOKEN, call_timeout_s=5, partner_operations=True) as lost:
        assert (await failure(lost.identity().resolve(PHONE)))[0] is Failure.BUSY


@pytest.mark.parametrize(
    ("fault", "means"),
    [
        ("reset_after", Failure.UNCONFIRMED),
        ("server_error", Failure.UNCONFIRMED),
        ("wrong_json", Failure.UNCONFIRMED),
        ("too_many", Failure.BUSY),
    ],
)
async def test_what_breaks_is_no_answer(bot: Bot, fault: str, means: Failure, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    strike(bot, fault)
    with pytest.raises(PlatformError) as caught:
        await bot.identity.resolve(PHONE)
    assert caught.value.failure is means
    said = caplog.text + repr(caught.value) + repr(bot.identity) + repr(vars(bot.identity))
    assert "9001234567" not in said
    assert TOKEN not in said


async def test_a_success_that_names_nobody_is_not_believed(bot: Bot) -> None:
    strike(bot, "lying_ok")
    assert (await failure(bot.identity.send_code(PHONE)))[0] is Failure.UNCONFIRMED
    strike(bot, "lying_ok")
    assert (await failure(bot.identity.say(ANNA, "Привет")))[0] is Failure.UNCONFIRMED


async def test_every_request_takes_its_right_itself(bot: Bot) -> None:
    await bot.identity.resolve(PHONE)
    sent = await bot.identity.send_code(PHONE)
    await bot.identity.check_code(sent.request_id, "000000")
    await bot.identity.ask(ANNA, QUESTION, 7)
    assert bot.slots.taken == 4


# Codes


async def test_a_code_proves_whose_a_phone_is(bot: Bot) -> None:
    sent = await bot.identity.send_code(PHONE)
    assert sent == CodeSent("code-1", known=True)
    assert await bot.identity.check_code(sent.request_id, await bot.code()) == ANNA


async def test_the_code_of_a_number_new_to_max_registers_it(bot: Bot) -> None:
    sent = await bot.identity.send_code(NEW)
    assert not sent.known
    made = await bot.identity.check_code(sent.request_id, await bot.code())
    assert made is not None
    assert await bot.identity.resolve(NEW) == made


async def test_a_code_is_good_once(bot: Bot) -> None:
    sent, code = await bot.identity.send_code(PHONE), await bot.code()
    assert await bot.identity.check_code(sent.request_id, code) == ANNA
    assert await bot.identity.check_code(sent.request_id, code) is None


async def test_a_stale_code_proves_nothing(bot: Bot) -> None:
    sent, code = await bot.identity.send_code(PHONE), await bot.code()
    bot.clock.at += timedelta(minutes=10)
    assert await bot.identity.check_code(sent.request_id, code) is None


async def test_a_code_is_not_good_for_another_request(bot: Bot) -> None:
    theirs = await bot.identity.send_code("+79000000002")
    await bot.identity.send_code(PHONE)
    assert await bot.identity.check_code(theirs.request_id, await bot.code()) is None


async def test_after_five_wrong_codes_the_right_one_is_none(bot: Bot) -> None:
    sent, code = await bot.identity.send_code(PHONE), await bot.code()
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        assert await bot.identity.check_code(sent.request_id, wrong) is None
    assert await bot.identity.check_code(sent.request_id, code) is None


async def test_a_request_that_never_was_proves_nothing(bot: Bot) -> None:
    await bot.identity.send_code(PHONE)
    assert await bot.identity.check_code("code-99", await bot.code()) is None


@pytest.mark.parametrize("request_id", ["../resolve", "", "code 1", "x" * 1000])
async def test_what_cannot_be_a_request_is_not_asked_about(bot: Bot, request_id: str) -> None:
    assert await bot.identity.check_code(request_id, "123456") is None
    assert await bot.identity.check_code("code-1", "12 34") is None
    assert bot.slots.taken == 0


async def test_without_partner_operations_nobody_is_known_by_phone() -> None:
    async with bot_of(partner=False) as bot:
        assert not bot.identity.by_phone
        for call in (
            bot.identity.resolve(PHONE),
            bot.identity.send_code(PHONE),
            bot.identity.check_code("code-1", "1"),
        ):
            assert await failure(call) == (Failure.NEEDS_PERSON, "partner.operations.off")
        assert not bot.running.world.calls


# The bot


async def test_a_question_has_two_buttons_that_name_it(bot: Bot) -> None:
    await bot.identity.ask(ANNA, QUESTION, 7)
    [message] = bot.messages
    [keyboard] = message.attachments
    buttons = [button for row in keyboard["payload"]["buttons"] for button in row]
    assert [(button["type"], button["text"], answer_of(button["payload"])) for button in buttons] == [
        ("callback", "Подключить", (7, True)),
        ("callback", "Не подключать", (7, False)),
    ]
    assert (message.user_id, message.text) == (1, QUESTION)


async def test_a_press_tells_who_pressed_what_and_is_answered(bot: Bot) -> None:
    await bot.identity.ask(ANNA, QUESTION, 7)
    await bot.do(f"/messages/{bot.messages[0].mid}/press", user_id=1, payload=answer_payload(7, yes=True))
    [pressed] = await bot.heard()
    assert pressed == Pressed(ANNA, "press.0000000000000001", answer_payload(7, yes=True))
    await bot.identity.answer(pressed.callback_id, "Аккаунт привязан.")
    assert (bot.messages[0].text, bot.messages[0].attachments) == ("Аккаунт привязан.", ())


async def test_a_press_of_another_is_told_as_theirs(bot: Bot) -> None:
    """A message that was passed on to a chat: whether it was theirs to answer is not for the messenger to say."""
    chat = await bot.client.create_chat("7 Б", "nonce")
    await bot.client.add_members(chat, [ANNA, BORIS])
    buttons = [[{"type": "callback", "text": "Подключить", "payload": answer_payload(7, yes=True)}]]
    keyboard = {"type": "inline_keyboard", "payload": {"buttons": buttons}}
    message = bot.running.world.send(bot.clock(), QUESTION, [keyboard], chat_id=int(chat))
    await bot.do(f"/messages/{message.mid}/press", user_id=2, payload=answer_payload(7, yes=True))
    told = [deed for deed in await bot.heard() if isinstance(deed, Pressed)]
    assert [(deed.account, answer_of(deed.payload)) for deed in told] == [(BORIS, (7, True))]


async def test_what_is_told_again_has_the_same_key(bot: Bot) -> None:
    await bot.identity.ask(ANNA, QUESTION, 7)
    await bot.do(f"/messages/{bot.messages[0].mid}/press", user_id=1, payload=answer_payload(7, yes=False))
    await bot.do("/contacts", user_id=1)
    await bot.do("/bot/start", user_id=1, payload="abc")
    first, again = await bot.heard(), await bot.heard()
    assert first == again
    assert len({deed.key for deed in first}) == 3


async def test_messages_to_one_person_keep_to_two_a_second() -> None:
    """Two at once and a third: what MAX would refuse is not sent."""
    async with (
        simulator(token=TOKEN, requests_per_second=30) as running,
        max_client(running.max_url, TOKEN, call_timeout_s=20) as client,
    ):
        running.world.put_users([User(1), User(2)])
        identity = client.identity()
        await asyncio.gather(*(identity.say(ANNA, str(number)) for number in range(4)), identity.say(BORIS, "0"))
        assert [call.status for call in running.world.calls] == [200] * 5


async def test_whoever_does_not_exist_is_not_written_to(bot: Bot) -> None:
    assert (await failure(bot.identity.say(NOBODY, "Привет")))[1] == "not.found"
    assert (await failure(bot.identity.say(AccountId("x"), "Привет")))[0] is Failure.REFUSED


async def test_a_deep_link_starts_the_bot_and_is_told(bot: Bot) -> None:
    assert bot.identity.deep_link("abc_-9") == f"{bot.running.url}/start/sferum_bot?start=abc_-9"
    await bot.do("/bot/start", user_id=1, payload="abc_-9")
    await bot.do("/bot/start", user_id=2)
    assert [(deed.account, deed.payload) for deed in await bot.heard() if isinstance(deed, BotStarted)] == [
        (ANNA, "abc_-9"),
        (BORIS, ""),
    ]


@pytest.mark.parametrize("payload", ["", "a b", "я", "a&b=c", "x" * (LONGEST_START + 1)])
async def test_what_a_link_cannot_carry_is_refused(bot: Bot, payload: str) -> None:
    with pytest.raises(ValueError, match="start a bot"):
        bot.identity.deep_link(payload)


async def test_the_real_bots_link_is_maxs_own() -> None:
    async with max_client("https://platform-api2.max.ru", TOKEN, call_timeout_s=5) as client:
        assert client.identity("sferum_bot").deep_link("abc") == "https://max.ru/sferum_bot?start=abc"


async def test_a_bot_whose_name_was_not_told_has_no_link() -> None:
    async with bot_of(name=None) as bot:
        assert bot.identity.deep_link("abc") is None


# Contacts


async def test_an_own_contact_tells_the_phone(bot: Bot) -> None:
    await bot.identity.ask_contact(ANNA, "Поделитесь контактом")
    [keyboard] = bot.messages[0].attachments
    assert keyboard["payload"]["buttons"] == [[{"type": "request_contact", "text": "Поделиться контактом"}]]
    await bot.do("/contacts", user_id=1)
    [contact] = await bot.heard()
    assert isinstance(contact, Contact)
    assert (contact.account, contact.phone) == (ANNA, PHONE)
    assert "9001234567" not in repr(contact)


@pytest.mark.parametrize("shared", [{"of": 2}, {"forged": True}, {"of": 2, "forged": True}])
async def test_a_contact_of_another_or_a_forged_one_tells_no_phone(bot: Bot, shared: dict[str, Any]) -> None:
    await bot.do("/contacts", user_id=1, **shared)
    assert [type(deed) for deed in await bot.heard()] == [ContactRefused]


def test_answers_are_read_as_they_were_written() -> None:
    assert [answer_of(answer_payload(7, yes=yes)) for yes in (True, False)] == [(7, True), (7, False)]
    for other in ("", "link", "link 7", "link x yes", "link ٧ yes", "link 7 maybe", "link 7 yes ", "open 7 yes"):
        assert answer_of(other) is None
