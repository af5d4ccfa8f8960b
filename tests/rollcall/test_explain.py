"""What `rollcall explain` and `retry` print: data as they are, and something in any case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.rollcall.conftest import CommandLine
from tests.rollcall.test_cli import lines

SCHOOL: list[dict[str, Any]] = [
    {"type": "school.organisation.registered.v1", "data": {"organisation_id": "s1", "name": "Школа"}},
    {
        "type": "school.class.opened.v1",
        "data": {"organisation_id": "s1", "class_id": "a:", "name": "5 А", "school_year": "2026/2027"},
    },
    {"type": "school.student.enrolled.v1", "data": {"organisation_id": "s1", "student_id": "[b]p", "class_id": "a:"}},
    {"type": "account.linked.v1", "data": {"person_id": "q", "provider": "max", "external_user_id": "7"}},
]
GONE = {
    "type": "school.student.expelled.v1", "time": "2025-11-02T10:00:00Z",
    "data": {"organisation_id": "s1", "student_id": "[b]p"},
}  # fmt: skip


def published(rollcall: CommandLine, tmp_path: Path, *events: dict[str, Any]) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(lines(*events))
    assert rollcall("publish", str(file)).code == 0


def test_ids_are_neither_markup_nor_emoji(rollcall: CommandLine, tmp_path: Path) -> None:
    published(rollcall, tmp_path, *SCHOOL)
    told = rollcall("explain", "[b]p").out
    assert ("[b]p" in told, "class:a: (s1): waiting" in told, "waits for account" in told) == (True, True, True)


def test_the_expelled_are_told_by_which_event(rollcall: CommandLine, tmp_path: Path) -> None:
    published(rollcall, tmp_path, *SCHOOL, GONE)
    told = rollcall("explain", "[b]p").out
    assert "ended (school.student.expelled.v1 4 of sis, inbox/0/" in told


def test_who_is_in_no_chat_is_told_so(rollcall: CommandLine, tmp_path: Path) -> None:
    published(rollcall, tmp_path, *SCHOOL)
    assert "in no chat" in rollcall("explain", "q").out


def test_where_nothing_waits_for_the_platform_there_is_nothing_to_retry(rollcall: CommandLine, tmp_path: Path) -> None:
    published(rollcall, tmp_path, *SCHOOL)
    ended = rollcall("retry", "[b]p")
    assert (ended.code, "nothing to try again" in ended.err) == (1, True)
