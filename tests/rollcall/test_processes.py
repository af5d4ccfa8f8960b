"""Two processors, two dispatchers and a web on one Kafka and one PostgreSQL, as real processes."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.packages.options import Options
from adapters.packages.package import open_package
from adapters.simulator.entities import User
from adapters.simulator.server import simulator
from tests.interleavings.told import Told
from tests.rollcall.processes import MAIN, PATIENCE_S, Arrivals, Town, town
from tests.servers.kafka import Kafka
from tests.servers.topics import records_of
from tests.test_grand_bend import DAY, NOW, PACKAGE, links
from tests.test_grand_bend import expected as wanted

SCHOOLS, PUPILS, A_SECOND = 8, 4, 10
BLOCKED = "import time, faust; faust.App.stop = lambda _: time.sleep(600); "
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


def a_region(told: Told) -> dict[str, str]:
    """Schools with a class each, and everybody's account by person."""
    accounts: dict[str, str] = {}
    for number in range(SCHOOLS):
        school, teacher, class_id = f"s{number}", f"s{number}-t", f"s{number}-5a"
        told.school("organisation.registered", school, name="Школа")
        told.school("employee.hired", school, employee_id=teacher, position_type="teaching_staff")
        of = {"name": "5 А", "school_year": "2026/2027", "homeroom_teacher_id": teacher}
        told.school("class.opened", school, class_id=class_id, **of)
        accounts[teacher] = str(1000 + number)
        for pupil in range(PUPILS):
            told.school("student.enrolled", school, student_id=f"{school}-{pupil}", class_id=class_id)
            accounts[f"{school}-{pupil}"] = str(10_000 + number * 100 + pupil)
    for person, account in accounts.items():
        told.account("linked", person, account)
    return accounts


def expected(told: Told) -> dict[str, dict[str, str]]:
    schools = (told.members(f"s{number}", date(2026, 11, 2)) for number in range(SCHOOLS))
    return {chat: members for of_school in schools for chat, members in of_school.items()}


async def post(region: Town, events: list[dict[str, Any]]) -> None:
    async with region.session.post(f"{region.url}/v1/events", data=json.dumps(events), headers=BATCH) as response:
        assert response.status == 202, await response.text()
        outcomes = {each["outcome"] for each in (await response.json())["outcomes"]}
    assert outcomes == {"queued"}


async def test_events_posted_reach_the_chats_though_a_dispatcher_is_killed_in_their_midst(
    tmp_path: Path, kafka: Kafka, postgresql_url: str
) -> None:
    arrivals, told = Arrivals(), Told()
    accounts = a_region(told)
    async with (
        simulator(requests_per_second=A_SECOND, clock=arrivals) as platform,
        town(tmp_path, kafka, postgresql_url, platform, MAX_REQUESTS_PER_SECOND=str(A_SECOND)) as region,
    ):
        platform.world.put_users(User(int(account)) for account in accounts.values())
        killed, *running = await region.start("dispatch", "dispatch", "process", "process", "web")
        before = len(platform.world.calls)
        await post(region, told.events)
        await region.until(lambda: len(platform.world.calls) > before + SCHOOLS)
        killed.kill()
        await region.quiet()
        assert await region.shown() == expected(told)

        await post(region, [told.school("student.expelled", "s0", student_id="s0-0")])
        await region.quiet()
        assert await region.shown() == expected(told)

        assert arrivals.most_in_a_second() <= A_SECOND  # of both dispatchers together
        async with asyncio.timeout(PATIENCE_S):
            while await told_members(region, accounts) != expected(told):  # noqa: ASYNC110 - another process tells
                await asyncio.sleep(0.2)
        assert max(await asyncio.gather(*(each.ends() for each in running))) < 10


async def told_members(region: Town, accounts: dict[str, str]) -> dict[str, dict[str, str]]:
    """Who should be in each chat by what was told on `membership.changes`: by account, like the platform's own."""
    servers, topic = region.settings["KAFKA_BOOTSTRAP_SERVERS"], region.settings["KAFKA_TOPIC_CHANGES"]
    chats: dict[str, dict[str, str]] = {}
    for record in await records_of(servers, topic):
        change = json.loads(record.value)["data"]
        members = chats.setdefault(change["chat_id"], {})
        members.pop(accounts[change["person_id"]], None)
        if change["role"] is not None:
            members[accounts[change["person_id"]]] = change["role"]
    return {chat: members for chat, members in chats.items() if members}


async def test_a_process_ends_though_faust_blocks_it(tmp_path: Path, kafka: Kafka, postgresql_url: str) -> None:
    """Faust joins its thread with the loop blocked; where that thread does not end, nothing of the loop is heard."""
    async with simulator() as platform, town(tmp_path, kafka, postgresql_url, platform) as region:
        [process] = await region.start("process", code=BLOCKED + MAIN)
        assert await process.ends() < 10
        assert "process.ended_halfway" in process.said()


@pytest.mark.skipif(not PACKAGE.exists(), reason=f"no roster to import: {PACKAGE} is missing")
async def test_one_process_is_all_of_it_on_kafka_and_sqlite(tmp_path: Path, kafka: Kafka) -> None:
    told = Told()
    accounts = a_region(told)
    url = f"sqlite:///{tmp_path / 'rollcall.db'}"
    async with simulator(requests_per_second=0) as platform, town(tmp_path, kafka, url, platform) as region:
        platform.world.put_users(User(int(account)) for account in accounts.values())
        [serving] = await region.start("serve")
        await post(region, told.events)
        await region.quiet()
        assert await region.shown() == expected(told)
        await serving.ends()


async def test_grand_bend_imported_onto_the_topics_stands_on_the_platform(
    tmp_path: Path, kafka: Kafka, postgresql_url: str
) -> None:
    events = list(open_package(PACKAGE, Options(as_of=DAY, at=NOW)).events({}))
    linked = links(events)
    account = {event["data"]["person_id"]: event["data"]["external_user_id"] for event in linked}
    (tmp_path / "links.jsonl").write_text("\n".join(map(json.dumps, linked)))
    async with (
        simulator(requests_per_second=0) as platform,
        town(tmp_path, kafka, postgresql_url, platform, MAX_REQUESTS_PER_SECOND="0") as region,
    ):
        platform.world.put_users(User(int(each)) for each in account.values())
        await region.start("process", "process", "dispatch", "dispatch", "web")
        await region.command("import", str(PACKAGE), "--as-of", DAY.isoformat(), "--at", NOW.isoformat())
        await region.command("publish", "links.jsonl")
        await region.quiet()
        assert await region.shown() == {
            chat: {account[person]: role for person, role in people.items()} for chat, people in wanted(events).items()
        }
