"""What commands say: data to stdout, messages to stderr, and how they end."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    NEEDS_PERSON = 3


class Failed(Exception):  # noqa: N818 - how a command ends
    """A command cannot do what it was asked, and says why. No personal data."""

    def __init__(self, why: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(why)
        self.code = code


COMMANDING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, which terminals act upon, and characters that reverse the direction of text."""


def plain(text: str) -> str:
    """The text with such characters as their codes."""
    return COMMANDING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(message: str) -> None:
    typer.echo(plain(message), err=True)


WIDE = 1_000  # columns: what is no terminal has no end of lines to cut at


def console(width: int | None = None) -> Console:
    """A console for data, which it prints literally: without markup and emoji names. `width`: where lines are cut, in
    columns; by default where the terminal ends.
    """
    if width is None and not sys.stdout.isatty():
        width = WIDE
    return Console(file=sys.stdout, soft_wrap=True, markup=False, emoji=False, highlight=False, width=width)


def print_json(data: object) -> None:
    typer.echo(json_of(data, indent=2))


def json_of(data: object, indent: int | None = None) -> str:
    """JSON that is also readable in a terminal: not escaped to ASCII, and without control characters."""
    return plain(json.dumps(data, ensure_ascii=False, indent=indent, default=str))


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Rows as a table, or as a JSON list."""
    rows = list(rows)
    if as_json:
        print_json(rows)
        return
    table = Table(*(Column(name, overflow="fold") for name in columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    console().print(table)


def print_fields(fields: Mapping[str, Any], *, as_json: bool) -> None:
    """Names and values as two columns, or as a JSON object."""
    if as_json:
        print_json(fields)
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in fields.items():
        table.add_row(plain(name), _cell(value))
    console().print(table)


def _cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return plain(", ".join(map(str, value)))
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return "" if value is None else plain(str(value))
