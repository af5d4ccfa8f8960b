"""`rollcall organisations`: which schools there are, and by whose account their chats are made."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.rollcall.conftest import CommandLine

REGISTERED = {
    "specversion": "1.0",
    "id": "1",
    "source": "sis",
    "time": "2025-11-01T10:00:00Z",
    "type": "school.organisation.registered.v1",
    "data": {"organisation_id": "s1", "name": "Школа"},
}


@pytest.fixture
def school(rollcall: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN", "one")
    monkeypatch.setenv("ROLLCALL_MAX_TOKEN_NORTH", "two")
    (tmp_path / "events").write_text(json.dumps(REGISTERED))
    assert rollcall("publish", str(tmp_path / "events")).code == 0
    return rollcall


def test_a_school_is_given_another_account_and_listed_with_it(school: CommandLine) -> None:
    assert school("organisations", "set", "s1", "--account", "north").code == 0
    [listed] = school("organisations", "list", "--json").json
    assert (listed["organisation_id"], listed["platform"], listed["account"]) == ("s1", "max", "north")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("s1", "--account", "south"), "no token"),
        (("s1", "--platform", "vk"), "no token"),
        (("s2", "--account", "north"), "nobody has registered"),
    ],
)
def test_what_cannot_be_chosen_is_told_and_ends_with_1(
    school: CommandLine, arguments: tuple[str, ...], why: str
) -> None:
    ended = school("organisations", "set", *arguments)
    assert (ended.code, why in ended.err) == (1, True)


@pytest.fixture
def with_chats(school: CommandLine, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A class with a pupil who stands in its chat on MAX, and is linked on VK, too."""
    monkeypatch.setenv("ROLLCALL_VK_TOKEN", "three")
    happened = [
        ("school.class.opened", {"class_id": "5a", "name": "5 А", "school_year": "2026/2027"}),
        ("school.student.enrolled", {"class_id": "5a", "student_id": "p"}),
        ("school.student.enrolled", {"class_id": "5a", "student_id": "q"}),
        ("account.linked", {"person_id": "p", "provider": "max", "external_user_id": "1"}),
        ("account.linked", {"person_id": "q", "provider": "max", "external_user_id": "2"}),
        ("account.linked", {"person_id": "p", "provider": "vk_id", "external_user_id": "7"}),
    ]
    lines = []
    for number, (kind, data) in enumerate(happened, 2):
        of = {} if kind.startswith("account") else {"organisation_id": "s1"}
        lines.append(REGISTERED | {"id": str(number), "type": f"{kind}.v1", "data": of | data})
    (tmp_path / "events").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert school("publish", str(tmp_path / "events")).code == 0
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file, file:
        file.execute("UPDATE rooms SET external_chat_id = '-1', observed_life = 'open' WHERE chat_id = 'class:5a'")
        file.execute("UPDATE places SET observed = wanted")
    return school


def test_a_move_is_shown_and_nothing_is_changed_unless_told(with_chats: CommandLine) -> None:
    shown = with_chats("organisations", "set", "s1", "--platform", "vk", "--json")
    assert shown.code == 0
    assert shown.json["counts"] == {"add_member": 2, "archive_chat": 1, "create_chat": 1, "remove_member": 2}
    people = {line["person_id"]: line["external_user_id"] for line in shown.json["changes"] if line["role"]}
    assert people == {"p": "7", "q": None}
    assert "1 person without an account there, 1 of them in a chat now" in shown.err
    assert "nothing was changed" in shown.err
    [listed] = with_chats("organisations", "list", "--json").json
    assert (listed["platform"], listed["moving"]) == ("max", 0)


def test_a_move_that_is_ordered_is_begun(with_chats: CommandLine) -> None:
    assert with_chats("organisations", "set", "s1", "--platform", "vk", "--apply").code == 0
    [listed] = with_chats("organisations", "list", "--json").json
    assert listed["platform"] == "vk"
