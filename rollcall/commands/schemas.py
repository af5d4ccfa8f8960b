"""`rollcall schemas`: the contract as files."""

from __future__ import annotations

from pathlib import Path

import typer

from rollcall.output import AsJson, print_rows
from schemas.asyncapi import export_asyncapi
from schemas.export import export_examples, export_schemas

commands = typer.Typer(no_args_is_help=True, help="The published JSON Schemas of events.")


@commands.callback()
def group() -> None:
    """The published JSON Schemas of events."""


@commands.command("export")
def export(directory: Path, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Write the JSON Schema of every event type, examples, and the AsyncAPI document, into DIRECTORY."""
    files = [*export_schemas(directory), export_asyncapi(directory), export_examples(directory)]
    print_rows([{"file": str(file)} for file in files], ["file"], as_json=as_json)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(commands, name="schemas")
