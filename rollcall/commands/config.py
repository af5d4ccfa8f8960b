"""`rollcall config`: what is in force."""

from __future__ import annotations

import typer

from rollcall.output import AsJson, print_fields
from rollcall.settings import Settings, masked


def show_config(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag
    """Print the settings in force, secrets masked."""
    settings: Settings = context.obj
    print_fields(masked(settings), as_json=as_json)


def add_to(commands: typer.Typer) -> None:
    commands.command("config")(show_config)
