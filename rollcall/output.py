"""What commands say: data to stdout, messages to stderr, and how they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

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


def say(message: str) -> None:
    typer.echo(message, err=True)


def print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Rows as a table, or as a JSON list."""
    rows = list(rows)
    if as_json:
        print_json(rows)
        return
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    Console(file=sys.stdout, soft_wrap=True).print(table)


def print_fields(fields: Mapping[str, Any], *, as_json: bool) -> None:
    """Names and values as two columns, or as a JSON object."""
    if as_json:
        print_json(fields)
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in fields.items():
        table.add_row(name, _cell(value))
    Console(file=sys.stdout, soft_wrap=True).print(table)


def _cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
