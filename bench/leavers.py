"""How long a leaver takes to be out, by `rollcall serve`, while 100,000 adds wait behind the limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from math import ceil
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import aiohttp
from sqlalchemy import func, select, text

from adapters.database.schema import places
from adapters.database.store import Database
from adapters.max.client import MaxClient, max_transport
from adapters.simulator.entities import User
from adapters.simulator.server import Simulator, simulator
from adapters.slots import Slots
from bench.changes_out import TOKEN, drained_by
from bench.copies import multiply, tidy
from bench.ground import Ground
from bench.measure import Pairs
from bench.schools import FIRST_ACCOUNT, SOURCE, batches, load, now, some_schools
from rollcall.clock import SystemClock
from rollcall.demo.events import cloud_events
from rollcall.demo.school import School
from sync.use_cases.settle_rooms import Dispatch
from tests.rollcall.processes import Town

RATE = 30
BACKLOG = 100_000
LEAVERS, EVERY_S, WARM_UP_S, PATIENCE_S = 60, 0.5, 5.0, 120
GOAL_MS = 2_000.0
EVENT = {"Content-Type": "application/cloudevents+json"}

# The copies of the school that is settled, as if everybody had just been linked: no chat is made yet.
WAITING = (
    "UPDATE places SET observed = 'out', account = replace(account, '~', '0') WHERE organisation_id LIKE '%~%'",
    """UPDATE rooms SET observed_life = 'none', observed_title = NULL, external_chat_id = NULL, due_at = now(),
       grade = 2, queue_position = room_no WHERE organisation_id LIKE '%~%'""",
)


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    """The ceiling is the goal. Here less is better."""
    [school], url = some_schools(1), ground.empty("postgresql")
    await load(url, [school])
    accounts = dict(zip((person.person_id for person in school.people), count(FIRST_ACCOUNT), strict=False))
    async with simulator(requests_per_second=0) as platform:
        platform.world.put_users(map(User, accounts.values()))
        database = Database(url)
        await _fill(database, platform)
        copies = await _backlog(database)
        behind = (int(f"{account}0{copy}") for account in accounts.values() for copy in range(1, copies + 1))
        platform.world.put_users(map(User, behind))
        before = await _waiting(database)
        async with _serving(url, platform) as town:
            took = await _removed(town, platform, school, accounts)
        still = await _waiting(database)
        await database.close()
    if not still:
        raise RuntimeError("the adds have ended before the leavers")
    cuts = quantiles(took, n=100)
    of = f"a leaver's way out behind {before:,} adds at {RATE} requests/s"
    for name, value in (("p50", cuts[49]), ("p99", cuts[98])):
        pairs = Pairs(f"{of}: {name}, beside the goal", "ms")
        pairs.add(value * 1000, GOAL_MS)
        yield pairs


async def _fill(database: Database, platform: Simulator) -> None:
    async with max_transport(platform.max_url, TOKEN, call_timeout_s=20.0, tls=None) as sender:
        client = MaxClient(sender, partner_operations=True)
        await drained_by(Dispatch(database, {"max": client}, Slots(lambda _: 0), SystemClock()))


async def _backlog(database: Database) -> int:
    """Copies the school until enough people wait to be added; gives how often."""
    async with database.reading() as connection:
        own = (await connection.execute(select(func.count()).select_from(places))).scalar_one()
    copies = ceil(BACKLOG / own)
    await multiply(database, copies)
    async with database.writing() as connection:
        for statement in WAITING:
            await connection.execute(text(statement))
    await tidy(database)
    return copies


async def _waiting(database: Database) -> int:
    async with database.reading() as connection:
        waits = (places.c.wanted != "out") & (places.c.observed == "out") & (places.c.account != "")
        return int((await connection.execute(select(func.count()).select_from(places).where(waits))).scalar_one())


@asynccontextmanager
async def _serving(url: str, platform: Simulator) -> AsyncIterator[Town]:
    settings = {
        "DATABASE_URL": url,
        "SECRET_KEY": "a secret of the benches, 32 bytes",
        "ADMIN_TOKEN": "root-of-the-bench",
        "MAX_URL": platform.max_url,
        "MAX_TOKEN": TOKEN,
        "MAX_PARTNER_OPERATIONS": "true",
        "MAX_REQUESTS_PER_SECOND": str(RATE),
        "GUARDS": "off",
        "WEB_PORT": "0",
    }
    headers = {"Authorization": "Bearer root-of-the-bench"}
    with TemporaryDirectory(prefix="rollcall-bench-") as folder:
        async with aiohttp.ClientSession(headers=headers) as session:
            town = Town(settings, Path(folder), platform, session)
            [serving] = await town.start("serve")
            try:
                yield town
            finally:
                serving.kill()
                await serving.process.wait()


async def _removed(town: Town, platform: Simulator, school: School, accounts: Mapping[str, int]) -> list[float]:
    """Seconds from each expulsion until the pupil is in no chat any more."""
    await asyncio.sleep(WARM_UP_S)
    heard, sent = len(platform.world.updates), {}
    for event, pupil in _expulsions(school):
        sent[accounts[pupil]] = time.time()
        async with town.session.post(f"{town.url}/v1/events", data=event, headers=EVENT) as response:
            response.raise_for_status()
        await asyncio.sleep(EVERY_S)
    still = set(sent)
    async with asyncio.timeout(PATIENCE_S):
        while still:
            await asyncio.sleep(0.1)
            still = {
                account for account in still if any(account in chat.members for chat in platform.world.chats.values())
            }
    removed = (each for each in platform.world.updates[heard:] if each.kind == "user_removed")
    out = {each.user_id: each.at.timestamp() for each in removed}  # of each the last
    return [out[account] - at for account, at in sent.items()]


def _expulsions(school: School) -> Iterator[tuple[bytes, str]]:
    pupils = [pupil.person_id for pupil in school.pupils][:: max(1, len(school.pupils) // LEAVERS)][:LEAVERS]
    of = {"organisation_id": school.organisation_id, "reason": "other"}
    said = [("school.student.expelled", of | {"student_id": pupil}) for pupil in pupils]
    made = cloud_events(said, source=SOURCE, at=now(), prefix=f"{school.organisation_id}-leavers")
    return zip(next(batches(made, len(pupils))), pupils, strict=True)
