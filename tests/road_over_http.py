"""The whole road with a platform's client and the simulator at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from adapters.database.store import Database
from adapters.max.client import max_client
from adapters.simulator.server import Simulator, simulator
from adapters.vk.client import vk_client
from sync.guards.limits import Guards
from sync.platform import Platform
from sync.use_cases.look_at_rooms import Looking
from sync.use_cases.plan_scopes import PlanningRules
from sync.use_cases.settle_rooms import Dispatch
from tests.doubles.platform import WorldPlatform
from tests.road import NoLimit, Road, TestClock


@dataclass(kw_only=True)
class RoadOverHttp(Road):
    """`platform` only shows the simulator's world."""

    client: Platform
    stand_in: Simulator
    rules: PlanningRules = field(default_factory=lambda: PlanningRules(guards=Guards(on=False)))

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.database, {self.token: self.client}, NoLimit(), self.clock)

    @property
    def looking(self) -> Looking:
        return Looking(self.database, {self.token: self.client}, NoLimit(), self.rules)


@asynccontextmanager
async def road_over_http(platform: str, database_url: str) -> AsyncIterator[RoadOverHttp]:
    """Of a school on this platform: `max`, with partner operations, or `vk`."""
    clock = TestClock()
    store = Database(database_url, clock=clock.of_database, platform=platform)
    async with simulator(requests_per_second=0) as stand_in, _client(platform, stand_in) as client:
        world = WorldPlatform(stand_in.world)
        yield RoadOverHttp(store, clock, world, token=platform, client=client, stand_in=stand_in)
    await store.close()


def _client(platform: str, stand_in: Simulator) -> AbstractAsyncContextManager[Platform]:
    if platform == "vk":
        return vk_client(stand_in.vk_url, "simulator", call_timeout_s=5.0)
    return max_client(stand_in.max_url, "simulator", call_timeout_s=5.0, partner_operations=True)
