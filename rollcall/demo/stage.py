"""The whole product in one process, on embedded app: SQLite in a temporary folder, the simulator for a platform."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from adapters.simulator.entities import User
from adapters.simulator.server import Simulator, simulator
from rollcall.app import App, open_app
from rollcall.delivery import IntoDatabase
from rollcall.demo.events import Event
from rollcall.linking import open_linking
from rollcall.output import Failed
from rollcall.roles import SERVE
from rollcall.settings import Settings
from rollcall.updates import update_workers
from rollcall.workers import keep_planning, keep_settling, noticed
from sync.views.status import StatusView

TOKEN = "demo"  # noqa: S105 - of a stand-in that ends with the process
CLIENT_ID = "rollcall-demo"
LOOK_EVERY_S = 0.15  # asking costs as much as settling a room
SETTLES_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Stage:
    """The parts and the platform they work on, with planning and dispatch under way."""

    app: App
    simulator: Simulator

    def put_users(self, users: Iterable[User]) -> None:
        """People come to the platform."""
        self.simulator.world.put_users(users)

    async def take(self, events: Iterable[Event]) -> None:
        """Takes events as one batch, by the ordinary way in.

        Raises:
            Failed: one of them was rejected.
        """
        batch = [json.dumps(event, ensure_ascii=False).encode() for event in events]
        delivered = await IntoDatabase(self.app.intake(noticed(self.app))).deliver(batch)
        self.app.to_plan.ring()
        for each in delivered:
            if each.outcome == "rejected":
                raise Failed(f"an event was rejected: {each.reason}: {[error.get('pointer') for error in each.errors]}")

    async def settled(self, within_s: float = SETTLES_WITHIN_S) -> bool:
        """Waits until nothing is on its way any more; whether that came to be in time."""
        for _ in range(round(within_s / LOOK_EVERY_S)):
            if _at_rest(await self.app.registry.operations.status(None, self.app.clock.now())):
                return True
            await asyncio.sleep(LOOK_EVERY_S)
        return False


def _at_rest(status: StatusView) -> bool:
    outbox = status.outbox
    return not (status.inbox_unprocessed or outbox.pending or outbox.in_flight or outbox.retrying)


def embedded(settings: Settings, folder: Path, platform: Simulator, *, linger_ms: int) -> Settings:
    """The settings with everything that leads out of this process replaced."""
    return settings.model_copy(
        update={
            "database_url": f"sqlite:///{folder / 'rollcall.db'}",
            "kafka_bootstrap_servers": None,
            "server_url": None,
            "platform": "max",
            "max_url": platform.max_url,
            "max_token": SecretStr(TOKEN),
            "max_tokens": {},
            "vk_url": platform.vk_url,
            "vk_token": SecretStr(TOKEN),
            "vk_requests_per_second": 0,
            "vk_tokens": {},
            "vk_id_url": platform.vk_id_url,
            "vk_client_id": CLIENT_ID,
            "max_home_url": f"{platform.url}/",
            "vk_home_url": platform.vk_home_url,
            "max_updates": "polling",
            "secret_key": None,
            "max_partner_operations": True,
            "max_requests_per_second": 0,
            "max_ca_file": None,
            "dispatch_linger_ms": linger_ms,
        }
    )


@asynccontextmanager
async def open_stage(
    settings: Settings, *, simulator_port: int = 0, linger_ms: int = 0, hears: bool = False
) -> AsyncIterator[Stage]:
    """Everything running, until the block is left; nothing of it stays. `hears`: what people do on the platform, too.

    Raises:
        OSError: the simulator's port is in use.
    """
    with TemporaryDirectory(prefix="rollcall-demo-") as folder:
        async with (
            simulator(port=simulator_port, token=TOKEN, requests_per_second=0) as platform,
            open_app(embedded(settings, Path(folder), platform, linger_ms=linger_ms)) as opened,
            open_linking(opened, SERVE) as app,
            asyncio.TaskGroup() as tasks,
        ):
            hearing = update_workers(app) if hears else ()
            workers = [tasks.create_task(worker) for worker in (keep_planning(app), keep_settling(app), *hearing)]
            try:
                yield Stage(app, platform)
            finally:
                app.stopping.set()
                app.to_plan.ring()
                for worker in workers:
                    worker.cancel()
