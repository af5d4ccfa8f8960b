"""`rollcall demo`: everything in one process, a school, and a term of its life."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import structlog
import typer

from rollcall.demo.events import Event
from rollcall.demo.play import CLASSES, PUPILS_A_CLASS, SEED, Play, Size, from_package, made_up, play_at_once
from rollcall.demo.showing import show_until_stopped
from rollcall.demo.stage import open_stage
from rollcall.demo.table import as_data, print_verdict
from rollcall.demo.verdict import Verdict, compare
from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.output import AsJson, Failed, print_json
from rollcall.settings import Settings


def demo(  # noqa: PLR0917 - a command's options
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Play without waiting, print the table, end.")] = False,  # noqa: FBT002 - a flag
    school: Annotated[
        Path | None, typer.Option("--school", metavar="PATH", help="A OneRoster or SDS package, else a made-up school.")
    ] = None,
    classes: Annotated[int, typer.Option(min=1, max=500, help="Of the made-up school.")] = CLASSES,
    pupils: Annotated[int, typer.Option(min=1, max=100, help="A class of the made-up school.")] = PUPILS_A_CLASS,
    seed: Annotated[int, typer.Option(min=0, help="Another seed makes up another school.")] = SEED,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show it all on made-up people: a school, its chats, and a term of enrolments, moves and dismissals."""
    settings: Settings = context.obj
    _quiet(settings)
    events = made_up(Size(classes, pupils), seed) if school is None else from_package(school)
    if not once:
        run(show_until_stopped(settings, events, seed))
        return
    settled, verdict = run(_once(settings, events, seed))
    if as_json:
        print_json(as_data(verdict))
    else:
        print_verdict(verdict)
    if not settled:
        raise Failed("something is still on its way, and should not be")
    if not verdict.agrees:
        raise Failed("the platform does not show what is desired")


async def _once(settings: Settings, events: Sequence[Event], seed: int) -> tuple[bool, Verdict]:
    async with open_stage(settings) as stage:
        return await play_at_once(Play(stage, events, seed)), await compare(stage)


def _quiet(settings: Settings) -> None:
    """Only what is wrong is logged: a person watches, and there are two lines a step otherwise."""
    configure_logging(settings.log_format)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def add_to(commands: typer.Typer) -> None:
    commands.command("demo")(demo)
