"""The service's own account on the platform is nobody's: no link to it is taken, and no call speaks of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from adapters.database.schema import dead_letters
from adapters.simulator.entities import SERVICE_ID
from rollcall.hearing import keep_hearing
from sync.streams import Partition
from tests.streams.memory import MemoryTopic, stream_of

from .conftest import TEACHER, Town

CLASS = "class:k"
OWN = {"external_user_id": str(SERVICE_ID)}
POINTED = "/data/external_user_id"


def link(number: int) -> dict[str, Any]:
    head = {"specversion": "1.0", "id": f"own-{number}", "source": "sis", "type": "account.linked.v1"}
    return head | {"time": f"2026-11-01T12:00:{number:02}Z", "data": {"person_id": "p", "provider": "max"} | OWN}


async def known(town: Town) -> None:
    """The process hears the platform until it knows who it is there."""
    hearing = asyncio.create_task(keep_hearing(town.app, "max", town.client))
    async with asyncio.timeout(60):
        while not await town.app.registry.people.is_own("max", str(SERVICE_ID)):  # noqa: ASYNC110 - the pump tells nobody
            await asyncio.sleep(0.05)
    town.app.stopping.set()
    await hearing


async def test_by_http_a_link_to_it_is_refused(town: Town) -> None:
    await known(town)
    status, told = await town.ask("PUT", "/v1/persons/p/accounts/max", json=OWN)
    assert (status, [each["pointer"] for each in told["errors"]]) == (422, ["/external_user_id"])
    batch = {"content-type": "application/cloudevents-batch+json"}
    other = link(2) | {"data": {"person_id": "p", "provider": "vk_id"} | OWN}  # somebody's, there
    status, told = await town.ask("POST", "/v1/events", json=[link(1), other], headers=batch)
    first, second = told["outcomes"]
    assert (status, first["outcome"], first["error"]["reason"]) == (202, "rejected", "invalid")
    assert (first["error"]["errors"][0]["pointer"], second["outcome"]) == (POINTED, "applied")
    single = {"content-type": "application/cloudevents+json"}
    assert (await town.ask("POST", "/v1/events", json=link(3), headers=single))[0] == 422
    _, accounts = await town.ask("GET", "/v1/persons/p/accounts")
    assert {each["provider"]: each["external_user_id"] for each in accounts["items"]}["max"] == "8"


@pytest.mark.parametrize("records", [1, 60])
async def test_on_a_topic_a_link_to_it_is_a_dead_letter(town: Town, records: int) -> None:
    await known(town)
    topic = MemoryTopic("account", {Partition("account", 0): []})
    topic.add(0, *(json.dumps(link(number)).encode() for number in range(records)))
    stream = stream_of(town.app.database, topic)
    await stream.begin(topic.found())
    await stream.take(topic.delivered(0, range(records)))
    async with town.app.database.reading() as connection:
        refused = (await connection.execute(dead_letters.select())).fetchall()
    assert [(row.reason, row.errors[0][0]) for row in refused] == [("invalid", POINTED)] * records


async def test_a_link_that_was_taken_before_takes_the_chat_from_nobody(town: Town) -> None:
    """Whoever asks the platform knows by then who it is there."""
    await town.tell("account.linked", person_id="p", provider="max", **OWN)
    await town.posts(await town.makes_chat(TEACHER), TEACHER, await town.code(CLASS))
    await town.rests()
    await town.tell("school.class.homeroom_teacher_assigned", organisation_id="s", class_id="k", employee_id="p")
    await town.tell("school.employee.hired", organisation_id="s", employee_id="p", position_type="other")
    await town.rests()
    await town.tell("school.employee.dismissed", organisation_id="s", employee_id="p")
    await town.tell("school.student.expelled", organisation_id="s", student_id="p")
    await town.rests()
    [chat] = town.running.world.chats.values()
    assert chat.members[SERVICE_ID].is_admin
    assert CLASS not in await town.needs_person()
    assert [call for call in town.running.world.calls if SERVICE_ID in call.user_ids] == []
