"""What the port of VK ID does, through the real adapter, against the simulator's pages; attacks among it."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import pytest

from adapters.simulator.entities import User
from adapters.simulator.faults import Faults, Plan
from adapters.simulator.server import Simulator, simulator
from adapters.vk_id.client import vk_id_client
from sync.errors import Failure, PlatformError
from sync.ports.identity import VkId, VkTokens, VkUser

BACK = "http://127.0.0.1:1/vk/back?of=us"
STATE, VERIFIER = "state-of-the-session", "v" * 43
PHONE, PASSWORD = "+79521111111", "the-password"
ANNA = User(
    1, PHONE, "Анна", "Иванова", password=PASSWORD, study_profile=True, birthday="12.12.1978", sex="Женский"
)  # fmt: skip


@dataclass
class Clock:
    at: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Browser:
    """A browser on VK ID's pages. `page` is what it shows, `back` where it was sent at last."""

    url: str
    http: aiohttp.ClientSession
    page: str = ""
    address: str = ""
    back: dict[str, str] = field(default_factory=dict)

    async def open(self, address: str) -> Browser:
        async with self.http.get(address) as response:
            return await self._shows(response)

    async def go_on(self, **typed: str) -> Browser:
        """Fills in what the page asks for and presses its first button; `do` is another's."""
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page)
        async with self.http.post(self.address, data=dict(hidden) | typed, allow_redirects=False) as response:
            location = response.headers["Location"]
        if location.startswith(BACK):
            self.back = dict(parse_qsl(urlsplit(location).query))
            self.page = ""
            return self
        return await self.open(f"{self.url}{location}")

    async def _shows(self, response: aiohttp.ClientResponse) -> Browser:
        self.page, self.address = unescape(await response.text()), str(response.url)
        assert not re.search(r"<script|style=|https?://", self.page)
        return self

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>([^<]*)</h1>", self.page)
        return found[1] if found else ""


@dataclass
class Town:
    running: Simulator
    vk_id: VkId
    clock: Clock
    browser: Browser

    def put(self, *users: User) -> None:
        self.running.world.put_users(users)

    def code(self) -> str:
        return self.running.world.codes.sent[-1].code

    def begin(self, **asked: Any) -> str:
        return self.vk_id.authorize_url(STATE, self.vk_id.challenge(VERIFIER), BACK, **asked)

    async def signed_in(self) -> dict[str, str]:
        """What Anna's browser comes back with."""
        self.put(ANNA)
        await self.browser.open(self.begin())
        await self.browser.go_on(phone=PHONE)
        await self.browser.go_on(password=PASSWORD)
        await self.browser.go_on(code=self.code())
        await self.browser.go_on()
        await self.browser.go_on(first_name="Анна", last_name="Иванова")
        return self.browser.back

    async def exchanged(self, back: dict[str, str], **other: str) -> VkTokens:
        given = {
            "code": back["code"], "device_id": back["device_id"], "verifier": VERIFIER, "state": STATE,
            "redirect_uri": BACK,
        }  # fmt: skip
        return await self.vk_id.exchange(**given | other)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
def client_id() -> str:
    return "bars"


@pytest.fixture
async def town(http: aiohttp.ClientSession, client_id: str) -> AsyncIterator[Town]:
    clock = Clock()
    async with (
        simulator(requests_per_second=0, now=clock) as running,
        vk_id_client(running.vk_id_url, client_id, call_timeout_s=20) as vk_id,
    ):
        yield Town(running, vk_id, clock, Browser(running.url, http))


async def failure(call: Coroutine[Any, Any, object]) -> tuple[Failure, str]:
    with pytest.raises(PlatformError) as caught:
        await call
    return caught.value.failure, caught.value.code


INVALID_GRANT = (Failure.REFUSED, "invalid_grant")


async def test_whoever_signs_in_is_told_by_first_name_initial_and_phone_and_no_more(town: Town) -> None:
    back = await town.signed_in()
    assert back["state"] == STATE
    tokens = await town.exchanged(back)
    user = await town.vk_id.user(tokens)
    assert user == VkUser(tokens.user_id, "Анна", "И", PHONE)
    assert tokens.user_id == "1"
    for private in ("Анна", "1978", PHONE[1:], tokens.access_token):
        assert private not in repr(user) + repr(tokens)


async def test_the_phone_is_asked_for_and_nothing_that_is_not_needed(town: Town) -> None:
    asked = parse_qs(urlsplit(town.begin(prompt="login")).query)
    assert (asked["scope"], asked["response_type"], asked["prompt"]) == (["phone"], ["code"], ["login"])
    assert (asked["code_challenge_method"], asked["state"], asked["redirect_uri"]) == (["S256"], [STATE], [BACK])
    assert VERIFIER not in town.begin()
    assert "prompt" not in parse_qs(urlsplit(town.begin()).query)


def test_the_challenge_is_what_the_standard_says() -> None:
    """RFC 7636, appendix B."""
    from adapters.vk_id.client import VkIdClient  # noqa: PLC0415

    challenge = VkIdClient.challenge(object.__new__(VkIdClient), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


# Attacks on what comes back


async def test_a_code_is_good_once_and_used_again_voids_its_tokens(town: Town) -> None:
    back = await town.signed_in()
    tokens = await town.exchanged(back)
    assert await failure(town.exchanged(back)) == INVALID_GRANT
    assert await failure(town.vk_id.user(tokens)) == (Failure.REFUSED, "invalid_token")


@pytest.mark.parametrize(
    "other",
    [
        {"verifier": "w" * 43},
        {"state": "state-of-another-session"},
        {"device_id": "another-device"},
        {"redirect_uri": "http://127.0.0.1:1/elsewhere"},
        {"code": "another-code"},
    ],
)
async def test_a_code_is_good_for_nobody_else(town: Town, other: dict[str, str]) -> None:
    back = await town.signed_in()
    assert await failure(town.exchanged(back, **other)) == INVALID_GRANT
    if "code" not in other:
        assert await failure(town.exchanged(back)) == INVALID_GRANT  # whoever tried has used it up


async def test_a_code_of_one_application_is_nothing_to_another(town: Town) -> None:
    back = await town.signed_in()
    async with vk_id_client(town.running.vk_id_url, "mesh", call_timeout_s=20) as other:
        assert await failure(other.exchange(back["code"], back["device_id"], VERIFIER, STATE, BACK)) == INVALID_GRANT


async def test_a_stale_code_is_good_for_nothing(town: Town) -> None:
    back = await town.signed_in()
    town.clock.at += timedelta(seconds=60)
    assert await failure(town.exchanged(back)) == INVALID_GRANT


async def test_dropped_tokens_read_nothing_and_are_dropped_again_at_no_harm(town: Town) -> None:
    tokens = await town.exchanged(await town.signed_in())
    await town.vk_id.drop(tokens)
    await town.vk_id.drop(tokens)
    assert await failure(town.vk_id.user(tokens)) == (Failure.REFUSED, "invalid_token")


async def test_tokens_end_after_an_hour(town: Town) -> None:
    tokens = await town.exchanged(await town.signed_in())
    town.clock.at += timedelta(hours=1)
    assert await failure(town.vk_id.user(tokens)) == (Failure.REFUSED, "invalid_token")


async def test_the_tokens_of_one_are_not_believed_of_another(town: Town) -> None:
    tokens = await town.exchanged(await town.signed_in())
    other = VkTokens(type(tokens.user_id)("2"), tokens.access_token)
    assert (await failure(town.vk_id.user(other)))[0] is Failure.UNCONFIRMED


async def test_without_the_phones_scope_no_phone_is_told(town: Town) -> None:
    town.put(ANNA)
    await town.browser.open(town.begin(scope="vkid.personal_info"))
    for typed in ({"phone": PHONE}, {"password": PASSWORD}, None, {}, {"first_name": "Анна", "last_name": "Иванова"}):
        await town.browser.go_on(**(typed if typed is not None else {"code": town.code()}))
    assert (await town.vk_id.user(await town.exchanged(town.browser.back))).phone is None


async def test_another_browser_cannot_go_on_with_a_sign_in(town: Town) -> None:
    town.put(ANNA)
    await town.browser.open(town.begin())
    async with aiohttp.ClientSession() as stranger, stranger.get(town.browser.address) as response:
        assert response.status == 404
    async with aiohttp.ClientSession() as stranger:
        sent = {"screen": "phone", "phone": PHONE}
        async with stranger.post(town.browser.address, data=sent, allow_redirects=False) as response:
            assert response.status == 404


@pytest.mark.parametrize(
    "changed",
    [
        ("code_challenge_method=S256", "code_challenge_method=plain"),
        ("response_type=code", "response_type=token"),
        ("redirect_uri=http", "redirect_uri=javascript"),
        ("vk%2Fback", "vk%0D%0ASet-Cookie:"),
        (f"state={STATE}", "state="),
        ("client_id=bars", "client_id="),
        ("code_challenge=", "code_challenge=x"),
    ],
)
async def test_an_application_that_asks_wrongly_is_told_so_at_no_address_of_its_own(
    town: Town, changed: tuple[str, str]
) -> None:
    address = town.begin()
    assert changed[0] in address
    async with town.browser.http.get(address.replace(*changed), allow_redirects=False) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("fault", "means"),
    [
        ("reset_before", Failure.UNCONFIRMED),
        ("reset_after", Failure.UNCONFIRMED),
        ("server_error", Failure.UNCONFIRMED),
        ("wrong_json", Failure.UNCONFIRMED),
        ("too_many", Failure.BUSY),
    ],
)
async def test_what_breaks_is_no_answer(
    town: Town, fault: str, means: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    back = await town.signed_in()
    tokens = await town.exchanged(back)
    for call in (town.vk_id.user(tokens), town.vk_id.drop(tokens), town.exchanged(back)):
        town.running.simulation.faults = Faults(Plan(rates={fault: 1}, until_calls=1))
        with pytest.raises(PlatformError) as caught:
            await call
        assert caught.value.failure is means
        said = caplog.text + repr(caught.value) + "".join(traceback.format_exception(caught.value))
        assert not any(private in said for private in (tokens.access_token, back["code"], VERIFIER, PHONE[1:]))


# The screens, in the orders of the manuals


async def heads(town: Town, *typed: dict[str, str] | None) -> list[str]:
    """The headings of the screens, one after the other; None types the code that was sent."""
    await town.browser.open(town.begin())
    seen = [town.browser.heading]
    for each in typed:
        await town.browser.go_on(**(each if each is not None else {"code": town.code()}))
        seen.append(town.browser.heading)
    return seen


HEAD = {
    "phone": "Вход в VK ID", "password": "Введите пароль", "code": "Подтвердите вход", "about": "Информация о себе",
    "profile": "Выберите профиль для связки", "create": "Создание учебного профиля", "confirm": "Учебный профиль",
}  # fmt: skip
NUMBER, SECRET, NAMED = {"phone": PHONE}, {"password": PASSWORD}, {"first_name": "Анна", "last_name": "Иванова"}
TYPED: dict[str, dict[str, str] | None] = {
    "phone": NUMBER, "password": SECRET, "code": None, "about": NAMED, "profile": {}, "create": {}, "confirm": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("client_id", "known", "screens"),
    [
        ("bars", "study", "phone password code profile about"),
        ("bars", "account", "phone password code create about"),
        ("bars", "nobody", "phone code about create confirm"),
        ("mesh", "study", "phone code profile about"),
        ("mesh", "account", "phone password code about"),
        ("mesh", "nobody", "phone code about"),
        ("paragraf", "study", "phone password code profile"),
        ("paragraf", "account", "phone password code profile"),
        ("paragraf", "nobody", "phone code about profile"),
    ],
)
async def test_the_screens_are_those_of_the_manuals_variants(town: Town, known: str, screens: str) -> None:
    if known != "nobody":
        town.put(User(1, PHONE, "Анна", "Иванова", password=PASSWORD, study_profile=known == "study"))
    order = screens.split()
    assert await heads(town, *(TYPED[screen] for screen in order)) == [*(HEAD[screen] for screen in order), ""]
    tokens = await town.exchanged(town.browser.back)
    assert await town.vk_id.user(tokens) == VkUser(tokens.user_id, "Анна", "И", PHONE)
    assert town.running.world.users[int(tokens.user_id)].study_profile


@pytest.mark.parametrize("client_id", ["mesh"])
async def test_the_third_variant_turns_into_the_second_where_the_number_has_an_account(town: Town) -> None:
    assert (await heads(town, NUMBER))[-1] == HEAD["code"]
    town.put(User(1, PHONE, "Анна", "Иванова", password=PASSWORD))
    await town.browser.go_on(code=town.code())
    assert town.browser.heading == HEAD["password"]
    await town.browser.go_on(password=PASSWORD)
    await town.browser.go_on(code=town.code())
    assert town.browser.heading == HEAD["about"]


async def test_whoever_is_signed_in_is_shown_first_of_all_and_may_be_another(town: Town) -> None:
    await town.signed_in()
    await town.browser.open(town.begin())
    assert town.browser.heading == HEAD["profile"]
    assert "Анна Иванова" in town.browser.page
    await town.browser.go_on(do="another")
    assert town.browser.heading == HEAD["phone"]
    await town.browser.open(town.begin(prompt="login"))
    assert town.browser.heading == HEAD["phone"]
    await town.browser.open(town.begin())
    await town.browser.go_on()
    await town.browser.go_on(**NAMED)
    assert (await town.exchanged(town.browser.back)).user_id == "1"


@pytest.mark.parametrize("client_id", ["mesh"])
async def test_of_several_profiles_the_one_that_is_chosen_is_linked(town: Town) -> None:
    town.put(ANNA, User(2, PHONE, "Аня", "Личная", study_profile=True))
    await heads(town, NUMBER, None)
    await town.browser.go_on(user_id="3")
    assert "alert" in town.browser.page
    await town.browser.go_on(user_id="2")
    await town.browser.go_on(first_name="Аня", last_name="Личная")
    assert (await town.exchanged(town.browser.back)).user_id == "2"


@pytest.mark.parametrize("client_id", ["mesh"])
async def test_a_chosen_profile_that_is_not_for_studying_becomes_one(town: Town) -> None:
    town.put(User(1, PHONE, "Анна", "Иванова"), User(2, PHONE, "Аня", "Личная"))
    assert (await heads(town, NUMBER, None))[-1] == HEAD["create"]
    await town.browser.go_on(user_id="2")
    await town.browser.go_on(**NAMED)
    assert [user.study_profile for user in town.running.world.with_phone(PHONE)] == [False, True]


async def test_whoever_does_not_want_to_comes_back_without_a_code(town: Town) -> None:
    await town.browser.open(town.begin())
    await town.browser.go_on(do="deny")
    assert town.browser.back == {"of": "us", "error": "access_denied", "state": STATE}
    await town.browser.open(town.browser.address)
    assert town.browser.heading == "Страница устарела"


async def test_a_wrong_password_and_a_wrong_code_lead_nowhere(town: Town) -> None:
    town.put(ANNA)
    assert (await heads(town, NUMBER, {"password": "another"}))[-1] == HEAD["password"]
    assert "Неверный пароль" in town.browser.page
    await town.browser.go_on(password=PASSWORD)
    await town.browser.go_on(code="0")
    assert (town.browser.heading, "Неверный код" in town.browser.page) == (HEAD["code"], True)


async def test_a_stale_code_is_told_and_another_is_sent(town: Town) -> None:
    town.put(ANNA)
    await heads(town, NUMBER, SECRET)
    stale = town.code()
    town.clock.at += timedelta(minutes=10)
    await town.browser.go_on(code=stale)
    assert "Срок действия кода истёк. Запросите новый." in town.browser.page
    await town.browser.go_on(do="resend")
    await town.browser.go_on(code=town.code())
    assert town.browser.heading == HEAD["profile"]


@pytest.mark.parametrize("client_id", ["mesh"])
async def test_a_code_comes_by_call_or_by_sms_and_the_number_can_be_changed(town: Town) -> None:
    town.put(ANNA)
    await heads(town, NUMBER)
    by_call = town.code()
    assert len(by_call) == 4
    assert "Звонок поступит в течение 01:00" in town.browser.page
    await town.browser.go_on(do="sms")
    assert (len(town.code()), "Введите код из СМС" in town.browser.page) == (6, True)
    await town.browser.go_on(code=by_call)
    assert town.browser.heading == HEAD["code"]
    await town.browser.go_on(do="change")
    await town.browser.go_on(phone="8 (952) 222-22-22")
    assert "+7 952 222-22-22" in town.browser.page
    assert town.running.world.codes.sent[-1].phone == "+79522222222"


async def test_a_forgotten_password_is_set_anew_by_a_code(town: Town) -> None:
    town.put(ANNA)
    await heads(town, NUMBER)
    await town.browser.go_on(do="forgotten")
    assert town.browser.heading == HEAD["code"]
    await town.browser.go_on(code=town.code())
    await town.browser.go_on(password="12345")
    assert town.browser.heading == "Новый пароль"
    await town.browser.go_on(password="another-password")
    assert town.browser.heading == HEAD["profile"]
    assert town.running.world.users[1].password == "another-password"


@pytest.mark.parametrize("typed", ["anna@school.example", "123", "", "Анна"])
async def test_only_a_phone_leads_on(town: Town, typed: str) -> None:
    assert await heads(town, {"phone": typed}) == [HEAD["phone"]] * 2
    assert "alert" in town.browser.page
    assert not town.running.world.codes.sent


async def test_a_button_of_a_page_that_is_gone_does_nothing(town: Town) -> None:
    town.put(ANNA)
    await heads(town, NUMBER)
    await town.browser.go_on(screen="code", code="1")
    assert town.browser.heading == HEAD["password"]
    assert "alert" not in town.browser.page


# Whatever else VK ID may answer


@pytest.mark.parametrize(
    ("error", "means"),
    [
        ("invalid_client", Failure.CREDENTIALS),
        ("slow_down", Failure.BUSY),
        ("server_error", Failure.UNCONFIRMED),
        ("invalid_grant", Failure.REFUSED),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_errors_mean_what_the_caller_does_about_them(error: str, means: Failure, status: int) -> None:
    from adapters.vk_id.errors import refusal, succeeded  # noqa: PLC0415

    if status == 200:
        with pytest.raises(PlatformError) as caught:
            succeeded({"error": error, "error_description": "Анна"})
        told = caught.value
    else:
        told = refusal(status, {"error": error, "error_description": "Анна"}, {})
    assert (told.failure, told.code) == (means, error)
