"""What a command prints commands no terminal: whatever stood in a record, a file's name or a chat's link is shown."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from adapters.database.store import Database
from rollcall.output import print_fields, print_json, print_rows, say
from sync.streams import DeadLetter, Partition
from tests.rollcall.conftest import CommandLine

EVIL = "\x1b]0;gone\x07\x1b[2J\r\x9b31m\u202eabc\nnext"
SHOWN = r"\u001b]0;gone\u0007\u001b[2J\u000d\u009b31m\u202eabc"


@pytest.mark.parametrize("as_json", [False, True])
def test_of_a_dead_letter_no_byte_reaches_the_terminal_as_a_command(
    rollcall: CommandLine, sqlite_url: str, as_json: bool
) -> None:
    letter = DeadLetter(
        Partition("t", 0), 1, None, (("h", EVIL.encode()),), EVIL.encode(), "not_json", (), None, None,
        datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip

    async def add() -> None:
        database = Database(sqlite_url)
        async with database.streaming() as tx:
            await tx.dead_letters.add([letter])
        await database.close()

    asyncio.run(add())
    told = rollcall("dead-letters", "show", "1", *(["--json"] if as_json else []))
    assert told.code == 0
    assert not set(told.out) & set("\x1b\x07\r\x9b\u202e")
    assert json.loads(told.out)["body"] == EVIL if as_json else SHOWN in told.out


def test_whatever_is_said_or_printed_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"«{EVIL}»")
    assert capsys.readouterr().err == f"«{SHOWN}\nnext»\n"
    for as_json in (False, True):
        print_rows([{"a": [EVIL], "b": None}], ["a", "b"], as_json=as_json)
        print_fields({EVIL: {"x": EVIL}}, as_json=as_json)
    print_json(EVIL)
    assert not set(capsys.readouterr().out) & set("\x1b\x07\r\x9b\u202e")
