"""Holds over HTTP: listed, shown, approved and rejected with a reason, each by who may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Api

PUPILS = [f"p{number}" for number in range(12)]
REASON = {"reason": "Так и есть"}


@pytest.fixture
async def hold(api: Api) -> dict[str, Any]:
    """Twelve pupils of a class, all expelled at once."""
    api.road.knows(*map(str, range(1, 13)))
    enrolled = [
        api.event("school.student.enrolled", organisation_id="s1", student_id=pupil, class_id="5a") for pupil in PUPILS
    ]
    await api.post(*api.school(), *enrolled, *api.links(*((pupil, n) for n, pupil in enumerate(PUPILS, start=1))))
    await api.road.converge()
    gone = [api.event("school.student.expelled", organisation_id="s1", student_id=pupil) for pupil in PUPILS]
    await api.post(*gone)
    await api.road.converge()
    [listed] = await api.items("/v1/holds")
    found: dict[str, Any] = listed
    return found


async def in_class(api: Api) -> int:
    return len((await api.road.members("s1"))["class:5a"])


async def test_one_is_shown_as_it_is_listed(api: Api, hold: dict[str, Any]) -> None:
    assert await api.get(f"/v1/holds/{hold['id']}") == hold
    assert (hold["limit"].partition(";")[0], hold["state"], hold["still_held"]) == (
        "chat class:5a: 12 of 12 members leave",
        "held",
        12,
    )


async def test_approved_it_is_done_and_says_by_whom_and_why(api: Api, hold: dict[str, Any]) -> None:
    status, body = await api.ask("POST", f"/v1/holds/{hold['id']}/approve", json=REASON)
    assert (status, body["state"], body["still_held"], body["why"]) == (200, "approved", 0, "Так и есть")
    assert body["decided_by"]
    await api.road.converge()
    assert await in_class(api) == 0


async def test_rejected_all_stay(api: Api, hold: dict[str, Any]) -> None:
    status, body = await api.ask("POST", f"/v1/holds/{hold['id']}/reject", json=REASON)
    assert (status, body["state"], body["why"]) == (200, "rejected", "Так и есть")
    await api.road.converge()
    assert await in_class(api) == 12
    members = await api.items("/v1/organisations/s1/chats/class:5a/members")
    assert {each["state"] for each in members if each["person_id"] in PUPILS} == {"rejected"}


async def test_what_is_decided_stays_so(api: Api, hold: dict[str, Any]) -> None:
    await api.ask("POST", f"/v1/holds/{hold['id']}/reject", json=REASON)
    status, problem = await api.ask("POST", f"/v1/holds/{hold['id']}/approve", json=REASON)
    assert (status, "decided already" in problem["title"] + problem.get("detail", "")) == (409, True)
    assert (await api.get(f"/v1/holds/{hold['id']}"))["state"] == "rejected"


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": {"reason": " "}}, {"json": {"reason": "x", "all": True}}])
async def test_without_a_reason_nothing_is_decided(api: Api, hold: dict[str, Any], body: dict[str, Any]) -> None:
    assert (await api.ask("POST", f"/v1/holds/{hold['id']}/approve", **body))[0] in {400, 422}
    assert (await api.get(f"/v1/holds/{hold['id']}"))["state"] == "held"


@pytest.mark.parametrize("number", ["2", "0", "-1", str(2**63), str(10**30)])
async def test_of_one_that_is_not_there_there_is_nothing_to_see_or_decide(
    api: Api, hold: dict[str, Any], number: str
) -> None:
    assert (await api.ask("GET", f"/v1/holds/{number}"))[0] == 404
    for decision in ("approve", "reject"):
        assert (await api.ask("POST", f"/v1/holds/{number}/{decision}", json=REASON))[0] == 404


async def test_only_who_operates_the_school_decides_and_only_who_reads_it_sees(api: Api, hold: dict[str, Any]) -> None:
    other = await api.token_for(["operate", "read"], "s2")
    reader = await api.token_for(["read"], "s1")
    path = f"/v1/holds/{hold['id']}"
    assert (await api.ask("GET", path, token=other))[0] == 404
    assert (await api.get("/v1/holds", token=other))["items"] == []
    assert (await api.ask("POST", f"{path}/approve", token=other, json=REASON))[0] == 404
    assert (await api.ask("GET", path, token=reader))[0] == 200
    assert (await api.ask("POST", f"{path}/approve", token=reader, json=REASON))[0] == 403
    assert (await api.get(path))["state"] == "held"
    operator = await api.token_for(["operate"], "s1")
    assert (await api.ask("POST", f"{path}/approve", token=operator, json=REASON))[0] == 200


async def test_an_explanation_names_the_hold(api: Api, hold: dict[str, Any]) -> None:
    [chat] = (await api.get("/v1/explain?person=p0"))["chats"]
    assert chat["state"] == "held"
    assert chat["hold"] == {"id": hold["id"], "limit": hold["limit"], "expires_at": hold["expires_at"]}
