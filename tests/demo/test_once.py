"""`rollcall demo --once` as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rollcall.demo.play import Play, play_at_once
from tests.adapters.packages.written import school
from tests.rollcall.conftest import CommandLine

SMALL = ("--classes", "3", "--pupils", "3")


@pytest.fixture
def rollcall(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> CommandLine:
    """As on a new machine: nothing set, and an empty home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return CommandLine(monkeypatch, capfd)


def test_once_ends_well_with_every_chat_in_the_table_and_leaves_nothing_behind(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    ended = rollcall("demo", "--once", *SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert "Платформа и реестр совпадают во всех чатах" in ended.out
    assert "Учительская" in ended.out
    assert "2 А Родители" in ended.out
    assert "\x1b" not in ended.out
    assert list(tmp_path.iterdir()) == []


def test_the_data_say_what_is_so(rollcall: CommandLine) -> None:
    ended = rollcall("demo", "--once", "--json", *SMALL)
    told = json.loads(ended.out)
    assert (ended.code, told["agrees"], told["strays"]) == (0, True, [])
    for chat in told["chats"]:
        assert chat["differences"] == []
        assert chat["on_platform"] == chat["states"].get("applied", 0)
        assert chat["participants"] == sum(chat["states"].values())
    assert told["states"]["refused"] >= 1


def test_somebody_removed_behind_our_back_fails_it(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play_and_lose_somebody(play: Play) -> bool:
        settled = await play_at_once(play)
        [chat, *_] = play.stage.simulator.world.chats.values()
        chat.members.pop(next(user_id for user_id, member in chat.members.items() if not member.is_owner))
        return settled

    monkeypatch.setattr("rollcall.commands.demo.play_at_once", play_and_lose_somebody)
    ended = rollcall("demo", "--once", "--json", *SMALL)
    told = json.loads(ended.out)
    assert (ended.code, told["agrees"]) == (1, False)
    assert [len(chat["differences"]) for chat in told["chats"] if chat["differences"]] == [1]


def test_a_package_is_played_too(rollcall: CommandLine, tmp_path: Path) -> None:
    package = school()
    for number in range(3):
        package.pupil(f"p{number}")
    ended = rollcall("demo", "--once", "--school", str(package.zipped(tmp_path / "sis.zip")))
    assert (ended.code, ended.err) == (0, "")


def test_what_is_no_package_is_told_in_a_line(rollcall: CommandLine, tmp_path: Path) -> None:
    ended = rollcall("demo", "--once", "--school", str(tmp_path))
    assert ended.code == 1
    assert ended.err.count("\n") == 1
