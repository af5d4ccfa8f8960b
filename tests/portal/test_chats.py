"""The page of chats: each state in plain words, the phone, the buttons, and the notice of the new year."""

from __future__ import annotations

import pytest

from adapters.portal.standing import lines
from sync.ids import AccountId, OrganisationId
from sync.linking.outcomes import Linked, NotLinked
from sync.views.persons import MembershipView
from tests.portal.conftest import Doorway, event, school

PHONE = "+79001234567"


def membership(state: str, *, role: str | None = "member", kind: str = "class", **more: str | None) -> MembershipView:
    given = {"external_user_id": None, "refused_code": None, "waits_for": None, "invite_link": None, **more}
    return MembershipView(OrganisationId("s1"), "c", "5 А", kind, role, state, (), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        (membership("applied"), "Вы в чате"),
        (membership("waiting", waits_for="account"), "Ждёт привязки аккаунта"),
        (membership("waiting", waits_for="chat"), "Чат ещё не подключён школой"),
        (
            membership("waiting", waits_for="account_held_by_another_person"),
            (
                "На этот номер уже совершена привязка к другой учетной записи. Авторизуйтесь по уже существующим"
                " данным или обратитесь в службу поддержки."
            ),
        ),
        (membership("pending"), "Добавляем"),
        (
            membership("refused", refused_code="add.participant.privacy"),
            "Не удалось добавить: настройки приватности в MAX («Безопасный режим»).",
        ),
        (
            membership("refused", refused_code="chat.full"),
            "Не удалось добавить: в чате нет места. Школа об этом знает.",
        ),
        (
            membership("refused", refused_code="something.new"),
            "Не удалось добавить: платформа отказала. Школа об этом знает.",
        ),
        (membership("left"), "Вы вышли из чата"),
        (membership("held"), "Участие проверяет администратор"),
        (membership("held", role=None), "Участие проверяет администратор"),
        (membership("rejected", role=None), "Вы в чате"),
        (membership("refused", role=None, refused_code="x"), "Вы в чате"),
    ],
)
def test_each_state_in_words(stands: MembershipView, words: str) -> None:
    assert [line.words for line in lines([stands])] == [words]


def test_a_chat_that_is_being_left_is_not_shown() -> None:
    assert lines([membership("pending", role=None)]) == []


def test_who_is_refused_by_privacy_is_told_what_a_parent_switches_and_has_the_link() -> None:
    code, link = "add.participant.privacy", "https://max.ru/join/x"
    [line] = lines([membership("refused", refused_code=code, invite_link=link)])
    assert (line.invite_link, "Безопасный режим" in (line.help or "")) == (link, True)


def test_chats_of_the_class_come_first() -> None:
    kinds = ["other", "subject", "staff", "parents", "class"]
    assert [line.type for line in lines([membership("applied", kind=kind) for kind in kinds])] == [
        "Классный чат", "Родительский чат", "Учительский чат", "Предмет", "Другое",
    ]  # fmt: skip


async def test_whoever_is_not_linked_sees_an_empty_field_how_many_chats_wait_and_the_button(door: Doorway) -> None:
    door.linking.stand("max", NotLinked(), waiting=3)
    shown = await door.enter()
    assert shown.fields()["phone-max"] == ""
    assert "После привязки вы попадёте в чаты: 3" in shown.text
    assert "5 А Классный чат Ждёт привязки аккаунта" in shown.text
    assert "/my/link" in shown.links()


async def test_whoever_is_linked_sees_the_own_number_whole(door: Doorway) -> None:
    door.linking.stand("max", Linked(AccountId("7"), PHONE))
    shown = await door.enter()
    assert shown.fields()["phone-max"] == "+7(900) 123-45-67"
    assert "Телефон, привязанный к Сферум" in shown.text
    assert 'href="https://web.max.test/" target="_blank" rel="noopener">Перейти в Сферум' in shown.body
    assert "/my/link" not in shown.links()


async def test_an_account_without_a_known_number(door: Doorway) -> None:
    door.linking.stand("max", Linked(AccountId("7"), None))
    shown = await door.enter()
    assert (shown.fields()["phone-max"], "Аккаунт привязан, номер неизвестен" in shown.text) == ("", True)


async def test_an_account_of_the_other_provider(door: Doorway) -> None:
    door.linking.stand("max", NotLinked(), elsewhere="vk_id")
    assert (
        "Аккаунт VK ID привязан, но чаты вашей школы находятся на платформе MAX. Привяжите аккаунт MAX."
        in (await door.enter()).text
    )


async def test_the_notice_of_the_new_year_until_it_is_closed(door: Doorway) -> None:
    promoted = {"student_id": "s1-p", "from_class_id": "5a", "to_class_id": "6a", "school_year": "2027/2028"}
    opened = {"class_id": "6a", "name": "6 А", "school_year": "2027/2028"}
    await door.road.post(
        [
            event("y1", "school.class.opened", organisation_id="s1", **opened),
            event("y2", "school.student.promoted", organisation_id="s1", **promoted),
        ]
    )
    notice = "Вы были переведены на новый учебный год! Ниже будут отображены чаты, в которых вы являетесь участником"
    assert notice in (await door.enter()).text
    assert (await door.post("/my/notice")).location == "/my/chats"
    assert notice not in (await door.get("/my/chats")).text


async def test_somebody_in_schools_on_both_platforms_links_one_after_the_other(door: Doorway) -> None:
    await door.road.post(school("s2"))
    async with door.road.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE organisations SET platform = 'vk' WHERE organisation_id = 's2'")
    child = {"guardian_id": "s1-g", "student_id": "s2-p"}
    await door.road.post([event("b1", "school.guardian.assigned", organisation_id="s2", **child)])
    door.linking.stand("max", Linked(AccountId("7"), PHONE))
    shown = await door.enter(sub="s1-g", role="guardian", page="chats")
    assert set(shown.fields()) == {"phone-max", "phone-vk_id"}
    assert "Привязать ещё один аккаунт: VK ID" in (await door.get("/my/linked")).text
    assert "Привязать учебный аккаунт VK ID" in (await door.get("/my/link")).text


async def test_an_issuer_of_one_school_shows_nothing_of_another(door: Doorway) -> None:
    await door.road.post(school("s2"))
    child = {"guardian_id": "s1-g", "student_id": "s2-p"}
    await door.road.post([event("b1", "school.guardian.assigned", organisation_id="s2", **child)])
    assert (await door.enter(sub="s1-g", role="guardian")).text.count("Родительский чат") == 2
    await door.issuer(organisations=["s1"])
    assert (await door.enter(sub="s1-g", role="guardian")).text.count("Родительский чат") == 1
