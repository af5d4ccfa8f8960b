"""`rollcall publish`: CloudEvents from a file, a line each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rollcall.output import AsJson, Exit, print_fields, print_json


def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines, an event each; - is stdin.")],
    check: Annotated[bool, typer.Option("--check", help="Only validate.")] = False,  # noqa: FBT002 - a flag
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Publish CloudEvents. What was published before is a duplicate, so it can simply be run again."""
    from rollcall.publishing import checked, lines_of, published  # noqa: PLC0415 - a second of importing

    lines = list(lines_of(file))
    report = checked(lines) if check else published(context.obj, lines)
    if as_json:
        print_json({"events": len(lines), "outcomes": report.outcomes, "wrong": report.wrong})
    else:
        print_fields({"events": len(lines), **report.outcomes}, as_json=False)
    if report.wrong:
        raise typer.Exit(Exit.FAILED)


def add_to(commands: typer.Typer) -> None:
    commands.command("publish")(publish)
