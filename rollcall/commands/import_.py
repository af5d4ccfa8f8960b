"""`rollcall import`: a roster package becomes events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.packages.findings import PackageError
from adapters.packages.options import ClassesMode, Options
from rollcall.output import AsJson, Exit, Failed


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise typer.BadParameter("a time needs an offset")
    return moment


def import_(  # noqa: PLR0917 - its options, each by name on the command line
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A folder or a zip.")],
    plan: Annotated[bool, typer.Option("--plan", help="Show the events; send nothing.")] = False,  # noqa: FBT002
    previous: Annotated[Path | None, typer.Option(help="The package before, to compare with.")] = None,
    as_of: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="The day to read it for.")] = None,
    at: Annotated[datetime | None, typer.Option(parser=_moment, metavar="TIME", help="When it was exported.")] = None,
    namespace: Annotated[str | None, typer.Option(help="Goes before every id.")] = None,
    source: Annotated[str | None, typer.Option(help="The name of the system it comes from.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The schools' time zone.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of its texts, else UTF-8.")] = None,
    separator: Annotated[str | None, typer.Option(help="Between values, else a comma: ; or tab.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A warning is an error.")] = False,  # noqa: FBT002
    block_disabled: Annotated[bool, typer.Option("--block-disabled", help="Block disabled users.")] = False,  # noqa: FBT002
    classes: Annotated[ClassesMode, typer.Option(help="What becomes a class.")] = ClassesMode.AUTO,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Read a OneRoster or SDS package and send what it changes, as events."""
    options = Options(
        at=at or datetime.now(UTC),
        as_of=as_of,
        namespace=namespace,
        source=source,
        time_zone=time_zone,
        encoding=encoding,
        separator=separator,
        max_bytes=context.obj.import_max_bytes,
        max_files=context.obj.import_max_files,
        strict=strict,
        block_disabled=block_disabled,
        classes=classes,
    )
    from rollcall.import_sent import import_package  # noqa: PLC0415 - seconds of importing

    try:
        code = import_package(context.obj, path, previous, options, plan=plan, as_json=as_json)
    except PackageError as error:
        raise Failed(f"{error.sentence}; nothing was sent") from error
    if code is not Exit.DONE:
        raise typer.Exit(code)


def add_to(commands: typer.Typer) -> None:
    commands.command("import")(import_)
