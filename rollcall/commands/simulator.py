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
            max_port=settings.simulator_max_port,
            token=settings.simulator_token.get_secret_value(),
            requests_per_second=settings.simulator_requests_per_second,
        ) as running:
            dialects = f"ROLLCALL_MAX_URL={running.max_url} ROLLCALL_VK_URL={running.vk_url}"
            say(f"the simulator listens on {running.url} ({dialects} ROLLCALL_VK_ID_URL={running.vk_id_url})")
            say(f"people's phones: {running.url}/, VK Messenger: {running.vk_home_url}")
            if running.max_root_url is not None:
                say(f"the MAX dialect alone, for clients that know no path, on {running.max_root_url}")
            await stopped.wait()
    except OSError as error:
        raise Failed(f"{settings.simulator_host}:{settings.simulator_port}: {error.strerror}") from error


def add_to(commands: typer.Typer) -> None:
    commands.command("simulator")(simulate)
