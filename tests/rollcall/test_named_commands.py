"""Whoever is told to type a command can type it: those that texts and documents name are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from rollcall.cli import application

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?:`|bin/|\()rollcall ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
FOLDERS = ("rollcall", "adapters", "events", "sync", "schemas")


def texts() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    yield from (ROOT / "docker-compose.kafka.yml", ROOT / "Containerfile")


@pytest.fixture(scope="module")
def commands() -> dict[str, set[str]]:
    """The commands, each with the commands below it."""
    root: Any = typer.main.get_command(application([], completing=True))
    return {name: set(getattr(command, "commands", ())) for name, command in root.commands.items()}


def test_every_command_that_is_named_is_there(commands: dict[str, set[str]]) -> None:
    missing = []
    for path in texts():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for command, below in NAMED.findall(line):
                known = command in commands and (not commands[command] or not below or below in commands[command])
                if not known:
                    missing.append(f"{path.relative_to(ROOT)}:{number}: rollcall {command} {below}")
    assert missing == []
