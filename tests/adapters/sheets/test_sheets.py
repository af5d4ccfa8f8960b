"""What is printed: read back from the PDF, as a person reads it off the paper."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno
from PIL import Image
from pypdf import PageObject, PdfReader

from adapters.sheets.sheets import print_sheets
from sync.ids import ChatId, ClassId, OrganisationId, PersonId
from sync.invitations import BEFORE, HARMLESS, LONGEST_ADDRESS, NO_CODES, SIGN_IN_ALONE, invitation
from sync.views.reminders import ChatReminders, NamedPerson, RemindersView, SheetKind, UnlinkedView

ON = date(2026, 11, 27)
URL = "https://school.test/sign-in?next=sferum"
PETR = NamedPerson(PersonId("p1"), "Иванов", "Пётр", "Сергеевич")
# Tatar, Udmurt and Mari letters.
GULNARA = NamedPerson(PersonId("p2"), "Әхмәтҗанова", "Гөлнара", "Рөстәм кызы")
OLESH = NamedPerson(PersonId("p3"), "Ӝужгов", "Ӧльӧш", "Ӵышкин")
NOBODY = NamedPerson(PersonId("p4"), None, None, None)
ANNA = NamedPerson(PersonId("g1"), "Иванова", "Анна", None)
MARIA = NamedPerson(PersonId("t1"), "Тарасова", "Мария", "Ивановна")


def pupil(person: NamedPerson) -> UnlinkedView:
    return UnlinkedView(person, "member", ["studies_in"], "account", [])


def parent(person: NamedPerson, *of: NamedPerson) -> UnlinkedView:
    reasons = [f"guardian_of:{child.person_id}" for child in of]
    return UnlinkedView(person, "member", reasons, "account_held_by_another_person", of)


TEACHER = UnlinkedView(MARIA, "admin", ["homeroom"], "account", [])
PUPILS = [pupil(each) for each in (PETR, GULNARA, OLESH, NOBODY)]
PARENTS = [parent(ANNA, PETR)]


def of_class(
    pupils: Sequence[UnlinkedView] = (), parents: Sequence[UnlinkedView] = (), url: str | None = URL, **other: str
) -> RemindersView:
    provider = other.get("provider", "max")
    return RemindersView(
        OrganisationId("s1"),
        other.get("school", "Школа № 1"),
        "Europe/Moscow",
        ClassId("7b"),
        other.get("name", "7 Б"),
        provider,
        url,
        invitation(provider, ["7 Б"], url),
        [
            ChatReminders(ChatId("class:7b"), "7 Б", "class", 25, pupils),
            ChatReminders(ChatId("parents:7b"), "7 Б Родители", "parents", 40, parents),
        ],
    )


def pages(kind: SheetKind, *classes: RemindersView) -> list[PageObject]:
    return list(PdfReader(BytesIO(print_sheets(kind, classes, ON))).pages)


def text(kind: SheetKind, *classes: RemindersView) -> str:
    """All that is on the paper, its lines as one."""
    return " ".join("\n".join(page.extract_text() for page in pages(kind, *classes)).split())


def test_the_list_has_the_school_the_class_the_day_and_what_to_do() -> None:
    shown = text("list", of_class(PUPILS, PARENTS))
    for part in (
        "Школа № 1 · 27 ноября 2026 г.",
        "7 Б: кто ещё не привязал аккаунт",
        BEFORE["max"],
        HARMLESS,
        NO_CODES,
    ):
        assert part in shown
    assert URL in shown.replace(" ", "")
    assert "не вывешивайте" in shown


def test_the_list_names_everybody_chat_by_chat() -> None:
    shown = text("list", of_class([*PUPILS, TEACHER], [*PARENTS, TEACHER]))
    of_pupils, of_parents = shown.split("Чат «7 Б Родители»")
    assert "Не привязали: 5 из 25" in of_pupils
    for name in ("Иванов Пётр Сергеевич", "Әхмәтҗанова Гөлнара Рөстәм кызы", "Ӝужгов Ӧльӧш Ӵышкин", "Без имени, p4"):
        assert name in of_pupils
        assert name not in of_parents or name == "Иванов Пётр Сергеевич"
    assert "Иванова Анна родитель: Иванов Пётр Сергеевич этот аккаунт уже привязан" in of_parents
    assert "Тарасова Мария Ивановна сотрудник" in of_parents


def test_where_all_have_linked_both_say_so() -> None:
    assert text("list", of_class()).count("Привязали все.") == 2
    assert "7 Б: привязали все." in text("slips", of_class())


def test_a_slip_has_its_persons_name_and_no_others() -> None:
    each = [text("slips", of_class([only])) for only in PUPILS]
    assert ["Иванов Пётр" in of for of in each] == [True, False, False, False]
    of_parent = text("slips", of_class([], PARENTS))
    assert "Иванова Анна родитель: Иванов Пётр Сергеевич" in of_parent
    assert HARMLESS in of_parent


def test_six_slips_are_on_a_page() -> None:
    six = of_class(PUPILS, [*PARENTS, TEACHER])
    seven = of_class(PUPILS, [*PARENTS, TEACHER, parent(replace(OLESH, person_id=PersonId("g2")), OLESH)])
    assert (len(pages("slips", six)), len(pages("slips", seven))) == (1, 2)


def test_whoever_waits_for_both_chats_gets_one_slip() -> None:
    assert text("slips", of_class([TEACHER], [TEACHER])).count("Тарасова Мария Ивановна") == 1


@pytest.mark.parametrize("kind", ["list", "slips"])
def test_the_code_holds_the_address_of_the_sign_in_and_nothing_else(kind: SheetKind) -> None:
    """The picture is the code of that very text: no person and no token is in it."""
    [picture] = {image.data for page in pages(kind, of_class(PUPILS, PARENTS)) for image in page.images}
    expected = BytesIO()
    segno.make_qr(URL, error="m").save(expected, kind="png", border=4, scale=8)
    with Image.open(BytesIO(picture)) as shown, Image.open(expected) as wanted:
        assert shown.convert("1").tobytes() == wanted.convert("1").tobytes()


@pytest.mark.parametrize("kind", ["list", "slips"])
def test_without_an_address_there_is_no_code_and_nobody_is_told_to_scan_one(kind: SheetKind) -> None:
    view = of_class(PUPILS, PARENTS, url=None)
    assert [image for page in pages(kind, view) for image in page.images] == []
    shown = text(kind, view)
    assert (SIGN_IN_ALONE in shown, "QR" in shown) == (True, False)


@pytest.mark.parametrize("provider", ["max", "vk_id"])
def test_the_longest_names_and_addresses_stay_within_their_slip(provider: str) -> None:
    long = NamedPerson(PersonId("p"), "Ю" * 100, "Ш" * 100, "Щ" * 100)
    url = f"https://school.test/{'a' * (LONGEST_ADDRESS - 20)}"
    view = of_class([], [parent(long, long, PETR)], url, provider=provider, school="Школа " * 50, name="7 Б " * 20)
    [page] = pages("slips", view)
    heights: dict[bool, list[float]] = {True: [], False: []}

    def visit(shown: str, matrix: object, of_text: list[float], *_: object) -> None:
        if shown.strip():
            heights[of_text[5] < foot].append(of_text[5])

    top, slip, point = 297 - 15, 88, 72 / 25.4
    foot = (top - slip + 4 + 8.8) * point
    page.extract_text(visitor_text=visit)
    assert len(heights[True]) == 3
    assert min(heights[True]) > (top - slip) * point
    assert min(heights[False]) > foot + 2


def test_a_long_class_goes_on_over_pages_and_the_next_begins_on_its_own() -> None:
    many = [pupil(NamedPerson(PersonId(f"p{n}"), f"Фамильев{n}", "Имя", None)) for n in range(60)]
    shown = [page.extract_text() for page in pages("list", of_class(many), of_class(PUPILS, name="8 В"))]
    assert len(shown) == 3
    assert [f"Фамильев{n}" in "".join(shown) for n in range(60)] == [True] * 60
    assert "8 В: кто" in shown[2]
    assert all("Здесь имена" in page for page in shown)


def test_the_same_reminders_make_the_same_bytes() -> None:
    view = of_class(PUPILS, PARENTS)
    assert print_sheets("list", [view], ON) == print_sheets("list", [view], ON)


def test_letters_that_the_type_lacks_are_told_to_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    text("list", of_class([pupil(NamedPerson(PersonId("p"), "김", "민준", None))]))
    assert not [message for message in caplog.messages if "glyph" in message or "김" in message]
