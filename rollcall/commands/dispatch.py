"""`rollcall dispatch`: what is asked of the chat platforms, in a process of its own."""

from __future__ import annotations

import typer

from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.roles import DISPATCH
from rollcall.serving import run_until_stopped
from rollcall.settings import Settings


def dispatch(context: typer.Context) -> None:
    """Settle rooms and hear the platforms until told to stop. As many of these processes as wanted."""
    settings: Settings = context.obj
    configure_logging(settings.log_format)
    run(run_until_stopped(settings, DISPATCH))


def add_to(commands: typer.Typer) -> None:
    commands.command("dispatch")(dispatch)
