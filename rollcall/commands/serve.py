"""`rollcall serve`: all of the product in one process."""

from __future__ import annotations

import typer

from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.roles import SERVE
from rollcall.serving import run_until_stopped
from rollcall.settings import Settings


def serve(context: typer.Context) -> None:
    """Serve events by HTTP, the registry, planning and dispatch, until told to stop."""
    settings: Settings = context.obj
    configure_logging(settings.log_format)
    run(run_until_stopped(settings, SERVE))


def add_to(commands: typer.Typer) -> None:
    commands.command("serve")(serve)
