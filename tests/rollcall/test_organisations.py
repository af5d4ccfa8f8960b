"""`rollcall organisations`: which schools there are, and by whose account their chats are made."""

from __future__ import annotations

import json
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
