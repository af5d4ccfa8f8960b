"""`rollcall accounts reminders`: who has not linked, as a table, as data, and on paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.rollcall.conftest import CommandLine

URL = "https://sis.test/sign-in"
OF = {"organisation_id": "s1"}
CLASSES = {"5a": "5 А", "6b": "6 Б", "9c": "9 В"}


def events() -> list[tuple[str, dict[str, Any]]]:
    """Two classes with a pupil each, of whom one has no name; and one that is closed."""
    named = {"last_name": "Планктонова", "first_name": "Аграфена", "middle_name": None}
    return [
        ("school.organisation.registered.v1", {**OF, "name": "Школа"}),
        *(
            event
            for class_id, name in CLASSES.items()
            for event in (
                (
                    "school.class.opened.v1",
                    {**OF, "class_id": class_id, "name": name, "school_year": "2025/2026", "homeroom_teacher_id": None},
                ),
                ("school.student.enrolled.v1", {**OF, "student_id": f"p{class_id}", "class_id": class_id}),
            )
        ),
        ("school.class.closed.v1", {**OF, "class_id": "9c"}),
        ("school.person.described.v1", {**OF, "person_id": "p5a", **named}),
    ]


@pytest.fixture
def school(rollcall: CommandLine, tmp_path: Path) -> CommandLine:
    head = {"specversion": "1.0", "source": "sis", "time": "2025-11-01T10:00:00Z"}
    lines = [json.dumps(head | {"id": str(no), "type": kind, "data": data}) for no, (kind, data) in enumerate(events())]
    (tmp_path / "events").write_text("\n".join(lines))
    assert rollcall("publish", str(tmp_path / "events")).code == 0
    return rollcall


def paper(path: Path) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_every_open_class_is_listed_or_the_one_that_is_asked_for(school: CommandLine) -> None:
    ended = school("accounts", "reminders", "--organisation", "s1")
    assert (ended.code, "Планктонова" in ended.out, "p6b" in ended.out) == (0, True, True)
    assert "set s1 --sign-in-url" in ended.err
    every = school("accounts", "reminders", "--organisation", "s1", "--json").json
    assert [each["class_name"] for each in every] == ["5 А", "6 Б"]
    told = school("accounts", "reminders", "--organisation", "s1", "--class", "6b", "--json").json
    assert [each["class_name"] for each in told] == ["6 Б"]
    assert [each["person"]["person_id"] for each in told[0]["chats"][0]["unlinked"]] == ["p6b"]


def test_it_is_printed_for_its_owner_alone_and_no_name_is_said(school: CommandLine, tmp_path: Path) -> None:
    assert school("organisations", "set", "s1", "--sign-in-url", URL).code == 0
    ended = school("accounts", "reminders", "--organisation", "s1", "--pdf", "sheet.pdf")
    assert (ended.code, ended.out, ended.err) == (0, "", "sheet.pdf: written\n")
    file = tmp_path / "sheet.pdf"
    assert file.stat().st_mode & 0o077 == 0
    shown = paper(file)
    assert all(part in shown for part in ("5 А: кто", "6 Б: кто", "Планктонова Аграфена", URL))
    printing = ("--pdf", "slips.pdf", "--sheet", "slips", "--class", "5a")
    assert school("accounts", "reminders", "--organisation", "s1", *printing).code == 0
    assert ("Планктонова" in paper(tmp_path / "slips.pdf"), "p6b" in paper(tmp_path / "slips.pdf")) == (True, False)


def test_a_setting_is_the_address_of_every_school_that_has_none_of_its_own(
    school: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def address() -> Any:
        return school("organisations", "list", "--json").json[0]["sign_in_url"]

    monkeypatch.setenv("ROLLCALL_SIGN_IN_URL", "https://region.test/")
    assert address() == "https://region.test/"
    assert school("organisations", "set", "s1", "--sign-in-url", URL).code == 0
    assert address() == URL
    assert school("organisations", "set", "s1", "--sign-in-url", "").code == 0
    assert address() == "https://region.test/"
    monkeypatch.setenv("ROLLCALL_SIGN_IN_URL", "http://region.test/")
    ended = school("organisations", "list")
    assert (ended.code, "sign_in_url" in ended.err.casefold()) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("accounts", "reminders", "--organisation", "s2"), 1),
        (("accounts", "reminders", "--organisation", "s1", "--class", "none"), 1),
        (("accounts", "reminders", "--organisation", "s1", "--pdf", "none/sheet.pdf"), 1),
        (("accounts", "reminders", "--organisation", "s1", "--pdf", "sheet.pdf", "--sheet", "poster"), 2),
        (("organisations", "set", "s1", "--sign-in-url", "http://sis.test/"), 2),
        (("organisations", "set", "s2", "--sign-in-url", URL), 1),
    ],
)
def test_what_cannot_be_done_is_told(school: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    ended = school(*arguments)
    assert (ended.code, ended.out, "Traceback" in ended.err) == (code, "", False)
