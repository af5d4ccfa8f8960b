"""`rollcall process`: what follows from the topics and from the clock, in a process of its own."""

from __future__ import annotations

import typer

from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.roles import PROCESS
from rollcall.serving import run_until_stopped
from rollcall.settings import Settings


def process(context: typer.Context) -> None:
    """Take the topics in and keep the schedule until told to stop. As many of these processes as partitions."""
    settings: Settings = context.obj
    configure_logging(settings.log_format)
    run(run_until_stopped(settings, PROCESS))


def add_to(commands: typer.Typer) -> None:
    commands.command("process")(process)
