"""A real roster, imported and standing on the platform: Grand Bend, three schools, made from the Ed-Fi sample."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from adapters.packages.options import Options
from adapters.packages.package import open_package
from tests.road import Road

DATA = Path(os.environ.get("ROLLCALL_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
PACKAGE = DATA / "grand-bend-bulk.zip"
DAY, NOW = date(2026, 11, 22), datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

Event = dict[str, Any]


def links(events: list[Event]) -> list[Event]:
    """Everybody's account."""
    people = sorted({event["data"]["person_id"] for event in events if event["type"] == "school.person.described.v1"})
    numbers = count(1)
    envelope = {"specversion": "1.0", "source": "links", "type": "account.linked.v1", "time": NOW.isoformat()}
    return [
        {**envelope, "id": person, "data": {"person_id": person, "provider": "max", "external_user_id": str(number)}}
        for person, number in zip(people, numbers, strict=False)
    ]


def by_school(events: list[Event]) -> dict[str, list[Event]]:
    grouped = defaultdict(list)
    for event in events:
        grouped[event["data"]["organisation_id"]].append(event)
    return grouped


def expected(events: list[Event]) -> dict[str, dict[str, str]]:
    """The chats' people by the package alone: nothing in it contradicts anything, so every event just counts."""
    chats: dict[str, dict[str, str]] = defaultdict(dict)
    said = defaultdict(list)
    for event in events:
        said[event["type"].removeprefix("school.").removesuffix(".v1")].append(event["data"])
    for job in said["employee.hired"]:
        if job["position_type"] != "other":
            chats[f"staff:{job['organisation_id']}"][job["employee_id"]] = "member"
    classes = {(place["organisation_id"], place["student_id"]): place["class_id"] for place in said["student.enrolled"]}
    for (_, student), class_id in classes.items():
        chats[f"class:{class_id}"][student] = "member"
    for tie in said["guardian.assigned"]:
        class_id = classes.get((tie["organisation_id"], tie["student_id"]))
        if class_id is not None:
            chats[f"parents:{class_id}"][tie["guardian_id"]] = "member"
    for opened in said["class.opened"]:
        for chat in ("class", "parents"):
            chats[f"{chat}:{opened['class_id']}"][opened["homeroom_teacher_id"]] = "admin"
    return chats


@pytest.mark.skipif(not PACKAGE.exists(), reason=f"no roster to import: {PACKAGE} is missing")
async def test_every_chat_of_grand_bend_stands_on_the_platform_in_the_fewest_calls(road: Road) -> None:
    road.clock.at = NOW
    events = list(open_package(PACKAGE, Options(as_of=DAY, at=NOW)).events({}))
    linked = links(events)
    road.knows(*(event["data"]["external_user_id"] for event in linked))
    for school, of_school in by_school(events).items():
        assert {taken.outcome for taken in await road.post(of_school)} == {"applied"}, school
    await road.post(linked)
    await road.converge()

    account = {event["data"]["person_id"]: event["data"]["external_user_id"] for event in linked}
    wanted = {
        chat: {account[person]: role for person, role in people.items()} for chat, people in expected(events).items()
    }
    assert await road.members() == wanted
    assert Counter(chat.partition(":")[0] for chat in wanted) == {"staff": 3, "class": 50, "parents": 50}
    made = Counter(call.action for call in road.platform.world.calls)
    assert made == {"create_chat": 103, "add": 103, "set_admin": 100}  # no fewer would do
