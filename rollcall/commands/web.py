"""`rollcall web`: what answers requests, in a process of its own."""

from __future__ import annotations

import typer

from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.roles import WEB
from rollcall.serving import run_until_stopped
from rollcall.settings import Settings


def web(context: typer.Context) -> None:
    """Serve the HTTP API, the registry and webhooks until told to stop; others process and dispatch."""
    settings: Settings = context.obj
    configure_logging(settings.log_format)
    run(run_until_stopped(settings, WEB))


def add_to(commands: typer.Typer) -> None:
    commands.command("web")(web)
