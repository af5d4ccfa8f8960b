"""H21: «stale» between sources may come back.

A's a1 (sequence 1, 10:00) beats B's b1 (09:00); then a2 (sequence 2, 08:00) is A's last assertion, and b1 wins. The
relation is not transitive, so a store that dropped b1 would part from the set of events.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given

from sync.facts import Assertion
from sync.timelines import holding, merged
from tests.laws.assertions import DAYS, assertions
from tests.road import Road

CLASSES = ["5a", "5b", "5c"]


def enrolled(source: str, id_: str, hour: int, class_id: str, sequence: str | None) -> dict[str, Any]:
    data = {"organisation_id": "school-1", "student_id": "anna", "class_id": class_id}
    return event("school.student.enrolled.v1", source, id_, hour, data, sequence)


def event(
    type_: str, source: str, id_: str, hour: int, data: dict[str, Any], sequence: str | None = None
) -> dict[str, Any]:
    envelope = {"specversion": "1.0", "source": source, "id": id_, "type": type_, "data": data}
    envelope["time"] = datetime(2026, 9, 1, hour, tzinfo=UTC).isoformat()
    return envelope if sequence is None else envelope | {"sequence": sequence}


A1 = enrolled("a", "a1", 10, "5a", "1")
B1 = enrolled("b", "b1", 9, "5b", None)
A2 = enrolled("a", "a2", 8, "5c", "2")


def school() -> list[dict[str, Any]]:
    year = {"school_year": "2026/2027"}
    return [
        event("school.organisation.registered.v1", "sis", "r", 1, {"organisation_id": "school-1", "name": "Школа"}),
        *(
            event(
                "school.class.opened.v1",
                "sis",
                f"opened {class_id}",
                1,
                {"organisation_id": "school-1", "class_id": class_id, "name": class_id, **year},
            )
            for class_id in CLASSES
        ),
        event(
            "account.linked.v1",
            "sis",
            "linked",
            1,
            {"person_id": "anna", "provider": "max", "external_user_id": "1001"},
        ),
    ]


@pytest.mark.parametrize(
    "order", list(permutations([A1, B1, A2])), ids=lambda order: "-".join(each["id"] for each in order)
)
async def test_the_word_of_another_source_counts_again_whatever_came_first(road: Road, order: Any) -> None:
    road.knows("1001")
    await road.post(school())
    for each in order:
        await road.post([each])
        await road.converge()
    shown = await road.members()
    assert {class_id for class_id in CLASSES if shown.get(f"class:{class_id}")} == {"5b"}


async def test_what_was_stale_when_it_came_is_told_so_and_kept(road: Road) -> None:
    road.knows("1001")
    await road.post(school())
    assert [(await road.post([each]))[0].outcome for each in (A1, B1, A2)] == ["applied", "stale", "stale"]
    await road.converge()
    assert (await road.members())["class:5b"] == {"1001": "member"}


@given(assertions(max_size=10))
def test_each_sources_last_word_of_each_day_is_never_forgotten(said: list[Assertion]) -> None:
    timeline = merged((), said)
    for source in {assertion.version.source for assertion in said}:
        for day in DAYS:
            of_source = [assertion for assertion in said if assertion.version.source == source]
            assert holding([w for w in timeline if w.version.source == source], day) == holding(of_source, day)
