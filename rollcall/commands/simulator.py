"""`rollcall simulator`: the chat platforms' stand-in on its own port."""

from __future__ import annotations

import typer

from adapters.simulator.server import simulator
from rollcall.loop import run
from rollcall.output import Failed, say
from rollcall.settings import Settings
from rollcall.signals import stop_requested


def simulate(context: typer.Context) -> None:
    """Serve the chat platforms' stand-in until it is told to stop."""
    run(_simulate(context.obj))


async def _simulate(settings: Settings) -> None:
    stopped = stop_requested()
    try:
        async with simulator(
            host=settings.simulator_host,
            port=settings.simulator_port,
            token=settings.simulator_token.get_secret_value(),
            requests_per_second=settings.simulator_requests_per_second,
        ) as running:
            say(f"the simulator listens on {running.url} (ROLLCALL_MAX_URL={running.max_url})")
            await stopped.wait()
    except OSError as error:
        raise Failed(f"{settings.simulator_host}:{settings.simulator_port}: {error.strerror}") from error


def add_to(app: typer.Typer) -> None:
    app.command("simulator")(simulate)
