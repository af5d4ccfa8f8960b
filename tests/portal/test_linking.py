"""Linking, page by page, in each of the ways; every message where it belongs, and nothing by a form of another site."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.ids import AccountId
from sync.linking.outcomes import (
    AlreadyRequested,
    Candidate,
    CodeExpired,
    CodeSent,
    CodeWrong,
    Declined,
    Denied,
    HeldByAnother,
    Linked,
    NothingOpen,
    NotLinked,
    NotMatched,
    Requested,
    Stale,
    TooManyTries,
    TooSoon,
    Unavailable,
    WrongFormat,
)
from tests.portal.conftest import Doorway
from tests.portal.scripted import VK_ID_URL
from tests.road import START

LINKED = Linked(AccountId("7"), "+79001234567")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REQUESTED = Requested(START, START + 10 * MINUTE, START + 24 * HOUR)
SENT = CodeSent(START + 10 * MINUTE, START + MINUTE, 5)
CANDIDATE = Candidate("Иван", "С", "+79001234567")

FORMAT = "Номер телефона не соответствует формату +7 (9XX) XXX-XX-XX"
NOT_MATCHED = (
    "Не удалось привязать аккаунт. Проверьте, что номер совпадает с указанным при регистрации на платформе MAX."
)
HELD = "На этот номер уже совершена привязка к другой учетной записи."
REQUEST_SENT = (
    "Запрос на привязку отправлен. Для подтверждения перейдите на платформу MAX: вкладка «Сферум», чат сообщества"
    " Сферум. После подтверждения вернитесь и обновите страницу."
)


async def on_vk(door: Doorway) -> None:
    async with door.road.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE organisations SET platform = 'vk'")


# 000: a request that is confirmed in MAX


async def test_000_the_form(door: Doorway) -> None:
    shown = await door.enter(page="link")
    assert "Авторизация в Сферум" in shown.text
    assert "Номер телефона +7 (9XX) XXX-XX-XX Привязать учебный аккаунт Сферум" in shown.text
    assert "номер телефона должен совпадать с номером, указанным при регистрации на платформе MAX." in shown.text
    assert "Учебный профиль полностью изолирован от личного" in shown.text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(WrongFormat(), FORMAT), (NotMatched(), NOT_MATCHED), (HeldByAnother(), HELD)],
)
async def test_000_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(
    door: Doorway, outcome: object, words: str
) -> None:
    await door.enter()
    door.linking.comes_to["ask_confirmation"] = outcome
    shown = await door.post("/my/link/phone", phone='8 900 "> <b>')
    assert (shown.status, shown.fields()["phone"]) == (200, '8 900 "> <b>')
    assert 'aria-invalid="true"' in shown.body
    assert f'id="wrong" role="alert">{words}' in shown.body
    assert door.linking.asked == [("ask_confirmation", "s1-p", '8 900 "> <b>')]


async def test_000_the_request_is_sent_and_the_page_says_where_to_go(door: Doorway) -> None:
    await door.enter()
    door.linking.comes_to["ask_confirmation"] = REQUESTED
    assert (await door.post("/my/link/phone", phone="+79001234567")).location == "/my/link"
    door.linking.stand("max", REQUESTED)
    shown = await door.get("/my/link")
    assert REQUEST_SENT in shown.text
    assert "phone" not in shown.fields()


async def test_000_pressing_again_says_that_it_is_sent_already(door: Doorway) -> None:
    await door.enter()
    door.linking.comes_to["ask_confirmation"] = AlreadyRequested(REQUESTED)
    shown = await door.post("/my/link/phone", phone="+79001234567")
    assert "Запрос уже отправлен и ждёт подтверждения на платформе MAX." in shown.text


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Declined(), "Привязка не подтверждена: выбрано «Не подключать». Вы можете отправить запрос ещё раз."),
        (NotMatched(), NOT_MATCHED),
        (TooManyTries(), "Слишком много попыток. Повторите позже."),
        (HeldByAnother(), HELD),
    ],
)
async def test_000_what_it_came_to_and_the_form_again(door: Doorway, step: object, words: str) -> None:
    door.linking.stand("max", step)  # type: ignore[arg-type]
    shown = await door.enter(page="link")
    assert words in shown.text
    assert "phone" in shown.fields()


async def test_000_confirmed_meanwhile_it_is_linked_at_the_next_refresh(door: Doorway) -> None:
    door.linking.stand("max", REQUESTED)
    await door.enter(page="link")
    door.linking.stand("max", LINKED)
    assert (await door.get("/my/link")).location == "/my/chats"
    assert (await door.get("/my/link/phone")).location == "/my/chats"


async def test_000_another_number_while_a_request_is_open(door: Doorway) -> None:
    door.linking.stand("max", REQUESTED)
    shown = await door.enter(page="link")
    assert "/my/link/phone" in shown.links()
    assert "phone" in (await door.get("/my/link/phone")).fields()


async def test_000_without_partner_operations_a_link_and_a_picture_of_it(door: Doorway) -> None:
    link = "https://max.ru/bot?start=abc"
    door.linking.stand("max", Requested(START, START, START + HOUR, link))
    shown = await door.enter(page="link")
    assert link in shown.links()
    assert 'src="data:image/svg+xml' in shown.body
    assert "поделитесь своим контактом" in shown.text


async def test_000_the_platform_does_not_answer(door: Doorway) -> None:
    await door.enter()
    door.linking.comes_to["ask_confirmation"] = Unavailable()
    shown = await door.post("/my/link/phone", phone="+79001234567")
    assert "Платформа сейчас не отвечает." in shown.text
    assert shown.fields()["phone"] == "+79001234567"


# 003: a one-time code


async def test_003_first_what_it_is_for_and_the_app_then_the_phone(door: Doorway) -> None:
    await door.issuer(product="mesh")
    shown = await door.enter(page="link")
    assert "Мессенджер не подключен" in shown.text
    assert "Перейти к подключению" in shown.text
    assert "Для привязки обязательно необходимо скачать приложение MAX и авторизоваться в нем." in shown.text
    assert "О том, как скачать MAX, читайте здесь." in shown.text
    form = await door.get("/my/link/phone")
    assert "Номер мобильного телефона" in form.text
    assert "Если у вас уже есть учебный профиль в Сферуме, войдите в MAX с тем же номером телефона." in form.text
    door.linking.comes_to["send_code"] = SENT
    assert (await door.post("/my/link/phone", phone="+7 900 123-45-67")).location == "/my/link"
    assert door.linking.asked == [("send_code", "s1-p", "+7 900 123-45-67")]


async def test_003_the_code_with_its_times(door: Doorway) -> None:
    await door.issuer(product="mesh")
    door.linking.stand("max", SENT)
    shown = await door.enter(page="link")
    assert "Код" in shown.text
    assert "Перейти в MAX" in shown.text
    assert 'data-left="600">10:00' in shown.body
    assert 'data-left="60">1:00' in shown.body
    assert "Осталось попыток: 5" in shown.text
    door.road.clock.turn(seconds=61)
    later = await door.get("/my/link")
    assert ("data-until-again" in later.body, "Отправить код ещё раз" in later.text) == (False, True)


async def test_003_a_code_that_is_sent_no_more(door: Doorway) -> None:
    await door.issuer(product="mesh")
    door.linking.stand("max", CodeSent(START + MINUTE, None, 1))
    assert "/my/link/again" not in (await door.enter(page="link")).body


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (CodeWrong(4), "Неверный код. Осталось попыток: 4"),
        (CodeExpired(), "Срок действия кода истёк. Запросите новый."),
        (TooManyTries(), "Слишком много попыток. Повторите позже."),
        (HeldByAnother(), HELD),
    ],
)
async def test_003_a_code_that_does_not_link(door: Doorway, outcome: object, words: str) -> None:
    await door.issuer(product="mesh")
    await door.enter()
    door.linking.stand("max", SENT)
    door.linking.comes_to["check_code"] = outcome
    shown = await door.post("/my/link/code", code="000000")
    assert words in shown.text
    assert ("code" in shown.fields()) == isinstance(outcome, CodeWrong)


async def test_003_the_code_links(door: Doorway) -> None:
    await door.issuer(product="mesh")
    await door.enter()
    door.linking.stand("max", SENT)
    door.linking.comes_to["check_code"] = LINKED
    assert (await door.post("/my/link/code", code="123 456")).location == "/my/linked"
    door.linking.stand("max", LINKED)
    assert "Ваша учетная запись успешно привязана. Перейти в Сферум" in (await door.get("/my/linked")).text


@pytest.mark.parametrize("outcome", [SENT, TooSoon(SENT), NothingOpen()])
async def test_003_asking_for_another_code(door: Doorway, outcome: object) -> None:
    await door.issuer(product="mesh")
    await door.enter()
    door.linking.comes_to["resend_code"] = outcome
    assert (await door.post("/my/link/again")).location == "/my/link"
    door.linking.comes_to["check_code"] = NothingOpen()
    assert (await door.post("/my/link/code", code="1")).location == "/my/link"


# 001, 002, 004: VK ID


@pytest.mark.parametrize(
    ("product", "button"),
    [
        ("bars", "Привязать учебный аккаунт VK ID"),
        ("mesh", "Перейти к подключению"),
        ("paragraf", "Привязать к VK ID"),
    ],
)
async def test_on_to_vk_id_and_nowhere_else(door: Doorway, product: str, button: str) -> None:
    await on_vk(door)
    await door.issuer(product=product)
    shown = await door.enter(page="link")
    assert button in shown.text
    assert "form-action 'self' https://id.vk.test;" in shown.headers["Content-Security-Policy"]
    assert (await door.post("/my/link/vk")).location == VK_ID_URL
    assert (await door.post("/my/link/vk", another="yes")).location == VK_ID_URL
    began = [asked for asked in door.linking.asked if asked[0] == "begin_vk_id"]
    assert began == [("begin_vk_id", "s1-p", False), ("begin_vk_id", "s1-p", True)]
    assert (await door.get("/my/link/phone")).location == "/my/link"


@pytest.mark.parametrize("product", ["bars", "paragraf"])
async def test_001_004_back_from_vk_id_it_is_linked_at_once(door: Doorway, product: str) -> None:
    await on_vk(door)
    await door.issuer(product=product)
    await door.enter()
    door.linking.comes_to |= {"end_vk_id": CANDIDATE, "confirm_vk_id": LINKED}
    assert (await door.get("/my/link/vk/back?state=s&code=c&device_id=d")).location == "/my/linked"
    assert door.linking.asked[-2:] == [("end_vk_id", "s1-p", "s", "c", "d"), ("confirm_vk_id", "s1-p")]


async def test_002_only_the_button_of_the_window_links(door: Doorway) -> None:
    await on_vk(door)
    await door.issuer(product="mesh")
    await door.enter(sub="s1-t", role="employee")
    door.linking.comes_to |= {"end_vk_id": CANDIDATE, "candidate": CANDIDATE, "confirm_vk_id": LINKED}
    assert (await door.get("/my/link/vk/back?state=s&code=c&device_id=d")).location == "/my/link/vk"
    shown = await door.get("/my/link/vk")
    assert "Добавление профиля «Сферум»" in shown.text
    assert "Вы действительно хотите привязать аккаунт «Сферум» к вашей учетной записи?" in shown.text
    assert "Иван С. +7(900) 123-••-67" in shown.text
    assert "Отмена Привязать Войти в другой аккаунт" in shown.text
    assert "confirm_vk_id" not in [asked[0] for asked in door.linking.asked]
    assert (await door.post("/my/link/vk/confirm")).location == "/my/linked"


async def test_002_cancelling_and_going_back_drop_what_was_begun(door: Doorway) -> None:
    await on_vk(door)
    await door.issuer(product="mesh")
    await door.enter(sub="s1-t", role="employee")
    assert (await door.post("/my/link/vk/cancel")).location == "/my/link"
    assert door.linking.asked[-1] == ("cancel_vk_id", "s1-t")
    door.linking.asked.clear()
    await door.get("/my/link")
    assert door.linking.asked == [("cancel_vk_id", "s1-t")]
    door.linking.comes_to["candidate"] = Stale()
    assert (await door.get("/my/link/vk")).location == "/my/link"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Denied(), "Вход по VK ID отменён. Вы можете попробовать ещё раз."),
        (Stale(), "Вход по VK ID не завершён. Попробуйте ещё раз."),
        (Unavailable(), "Платформа сейчас не отвечает."),
    ],
)
async def test_what_vk_id_came_back_with_is_in_no_address_any_more(door: Doorway, outcome: object, words: str) -> None:
    await on_vk(door)
    await door.enter()
    door.linking.comes_to["end_vk_id"] = outcome
    back = (await door.get("/my/link/vk/back?state=secret&error=access_denied")).location
    assert back is not None
    assert "secret" not in back
    assert words in (await door.get(back)).text
    assert door.linking.asked[0] == ("end_vk_id", "s1-p", "secret", None, None)


async def test_a_vk_id_that_somebody_else_holds(door: Doorway) -> None:
    await on_vk(door)
    await door.enter()
    door.linking.comes_to |= {"end_vk_id": CANDIDATE, "confirm_vk_id": HeldByAnother()}
    assert HELD in (await door.get("/my/link/vk/back?state=s&code=c&device_id=d")).text


async def test_no_vk_id_is_set_up(door: Doorway) -> None:
    await on_vk(door)
    await door.enter()
    door.linking.comes_to["begin_vk_id"] = None
    assert "Платформа сейчас не отвечает." in (await door.post("/my/link/vk")).text


# Whoever sends a form


POSTS = (
    "/my/link/phone", "/my/link/code", "/my/link/again", "/my/link/vk", "/my/link/vk/confirm", "/my/link/vk/cancel",
    "/my/unlink/max", "/my/notice",
)  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("origin", ["https://evil.test", "null", ""])
async def test_nothing_is_done_by_a_form_of_another_site(door: Doorway, path: str, origin: str) -> None:
    door.linking.stand("max", LINKED if "unlink" in path else NotLinked())
    await door.enter()
    answer = await door.post(path, origin=origin, phone="+79001234567", code="1")
    assert (answer.status, door.linking.asked) == (403, [])


@pytest.mark.parametrize("path", POSTS)
async def test_nothing_is_done_for_nobody(door: Doorway, path: str) -> None:
    assert (await door.post(path, phone="+79001234567")).status == 403
    assert door.linking.asked == []


async def test_pages_keep_no_copy_run_nothing_inline_and_tell_nobody_where_they_were(door: Doorway) -> None:
    shown = await door.enter(page="link")
    assert shown.headers["Cache-Control"] == "no-store"
    policy = shown.headers["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "frame-ancestors 'none'" in policy, "unsafe" in policy) == (
        True,
        True,
        False,
    )
    assert shown.headers["Referrer-Policy"] == "same-origin"  # else browsers would not say whose form it is
    for inline in ("<style", "style=", "onclick", "<script>"):
        assert inline not in shown.body
    for style in ("tokens.css", "components.css", "portal.css", "countdown.js"):
        assert (await door.get(f"/my/static/{style}")).status == 200
    assert (await door.get("/my/static/..%2Fapp.py")).status == 404
