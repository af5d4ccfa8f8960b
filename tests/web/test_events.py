"""Events by HTTP: what is answered to each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import aiohttp

from adapters.web.dependencies import Grant
from sync.errors import StoreUnavailable
from tests.web.conftest import BATCH, Api, dependencies_over, serving

STRUCTURED = {"Content-Type": "application/cloudevents+json"}


def outcomes(told: list[dict[str, Any]]) -> list[str]:
    return [each["outcome"] for each in told]


async def test_one_structured_event_is_taken_with_its_outcome(api: Api) -> None:
    event = api.event("school.organisation.registered", organisation_id="s1", name="Школа")
    status, body = await api.ask("POST", "/v1/events", json=event, headers=STRUCTURED)
    assert (status, body) == (202, {"outcomes": [{"source": "sis", "id": "1", "outcome": "applied"}]})


async def test_a_binary_event_is_the_same_event(api: Api) -> None:
    event = api.event("school.organisation.registered", organisation_id="s1", name="Школа")
    attributes = {f"ce-{name}": event[name] for name in ("specversion", "id", "source", "type", "time")}
    headers = {"Content-Type": "application/json", **attributes}
    status, body = await api.ask("POST", "/v1/events", json=event["data"], headers=headers)
    assert (status, outcomes(body["outcomes"])) == (202, ["applied"])
    assert outcomes(await api.post(event)) == ["duplicate"]


async def test_a_batch_is_answered_in_order_and_what_is_wrong_stops_nothing(api: Api) -> None:
    school = api.school()
    wrong = api.event("school.class.opened", organisation_id="s1", class_id="", name="5 Б")
    told = await api.post(school[0], wrong, school[0], *school[1:])
    assert outcomes(told) == ["applied", "rejected", "duplicate", *["applied"] * 5]
    error = told[1]["error"]
    assert (error["status"], error["reason"]) == (422, "invalid")
    assert [each["pointer"] for each in error["errors"]] == ["/data/class_id", "/data/school_year"]


async def test_what_names_the_unannounced_is_kept(api: Api) -> None:
    enrolled = api.event("school.student.enrolled", organisation_id="s1", student_id="p", class_id="5a")
    assert outcomes(await api.post(enrolled)) == ["kept"]


async def test_an_event_alone_that_breaks_the_contract_is_answered_by_its_wrong_fields(api: Api) -> None:
    event = api.event("school.organisation.registered", organisation_id="s1")
    status, body = await api.ask("POST", "/v1/events", json=event, headers=STRUCTURED)
    assert (status, body["type"]) == (422, "urn:rollcall:problem:invalid")
    assert body["errors"] == [{"pointer": "/data/name", "detail": "Field required"}]


async def test_an_event_over_64_kib_is_too_large(api: Api) -> None:
    event = api.event("school.organisation.registered", organisation_id="s1", name="Ш", more="x" * 65_536)
    status, body = await api.ask("POST", "/v1/events", json=event, headers=STRUCTURED)
    assert (status, body["reason"]) == (413, "too_large")
    assert outcomes(await api.post(event)) == ["rejected"]


async def test_a_body_over_4_mib_is_not_read(api: Api) -> None:
    status, _ = await api.ask("POST", "/v1/events", data=BytesIO(b"[" + b" " * 4_194_304 + b"]"), headers=BATCH)
    assert status == 413


async def test_what_is_not_json_is_a_bad_request(api: Api) -> None:
    for headers, body in ((STRUCTURED, b"{"), (BATCH, b"[1,"), (BATCH, b"{}")):
        status, _ = await api.ask("POST", "/v1/events", data=body, headers=headers)
        assert status == 400, body


async def test_an_empty_batch_has_no_outcomes(api: Api) -> None:
    assert await api.post() == []


async def test_another_schools_event_is_not_permitted(api: Api) -> None:
    token = await api.token_for(["events:write"], "s1", source="sis")
    event = api.event("school.organisation.registered", organisation_id="s2", name="Школа")
    status, body = await api.ask("POST", "/v1/events", json=event, headers=STRUCTURED, token=token)
    assert (status, body["reason"]) == (403, "not_permitted")
    own = api.event("school.organisation.registered", organisation_id="s1", name="Школа")
    told = await api.post(event, own, token=token)
    assert outcomes(told) == ["rejected", "applied"]
    assert told[0]["error"]["errors"][0]["pointer"] == "/data/organisation_id"


async def test_a_rejected_event_does_not_use_up_its_id(api: Api) -> None:
    token = await api.token_for(["events:write"], "s1")
    event = api.event("school.organisation.registered", organisation_id="s2", name="Школа")
    await api.post(event, token=token)
    assert outcomes(await api.post(event)) == ["applied"]


async def test_accounts_need_their_own_scope(api: Api) -> None:
    await api.post(*api.school("s1"))
    roster = await api.token_for(["events:write"], "s1", source="sis")
    assert outcomes(await api.post(*api.links(("s1-p", 1)), token=roster)) == ["rejected"]


async def test_a_token_of_some_schools_speaks_as_its_own_sources_alone(api: Api) -> None:
    token = await api.token_for(["events:write"], "s1", source="sis of s1")
    own = api.event("school.organisation.registered", organisation_id="s1", name="Школа")
    told = await api.post(own, own | {"source": "sis of s1"}, token=token)
    assert outcomes(told) == ["rejected", "applied"]
    assert (told[0]["error"]["reason"], told[0]["error"]["errors"][0]["pointer"]) == ("not_permitted", "/source")


async def test_what_a_source_of_some_schools_says_of_accounts_counts_in_these_alone(api: Api) -> None:
    api.road.knows("1", "2")
    await api.post(*api.school("s1"), *api.school("s2", "6a"))
    of_both = api.event("school.employee.hired", organisation_id="s2", employee_id="s1-t", position_type="other")
    leads = {"organisation_id": "s2", "class_id": "6a", "employee_id": "s1-t"}
    await api.post(of_both, api.event("school.class.homeroom_teacher_assigned", **leads))
    token = await api.token_for(["accounts:write"], "s2", source="portal of s2")
    [linked] = api.links(("s1-t", 1))
    assert outcomes(await api.post(linked | {"source": "portal of s2"}, token=token)) == ["applied"]
    await api.road.converge()
    assert await api.road.members("s1") == {}
    assert (await api.road.members("s2"))["class:6a"] == {"1": "admin"}
    assert outcomes(await api.post(*api.links(("s1-t", 2)))) == ["applied"]  # by the region's portal
    await api.road.converge()
    assert (await api.road.members("s1"))["class:5a"] == {"2": "admin"}
    assert (await api.road.members("s2"))["class:6a"] == {"2": "admin"}


async def test_a_source_that_gets_bound_counts_no_more_elsewhere(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school("s1"), *api.links(("s1-t", 1)))
    await api.road.converge()
    assert (await api.road.members("s1"))["class:5a"] == {"1": "admin"}
    await api.token_for(["accounts:write"], "s2", source="sis")
    await api.road.converge()
    assert (await api.road.members("s1"))["class:5a"] == {}


async def test_a_token_that_may_only_read_publishes_nothing(api: Api) -> None:
    token = await api.token_for(["read"])
    status, _ = await api.ask("POST", "/v1/events", json=[], headers=BATCH, token=token)
    assert status == 403


class Away:
    """An intake whose database is away."""

    async def take(self, events: Sequence[object]) -> list[Any]:
        raise StoreUnavailable("away")


async def test_while_the_database_is_away_the_same_is_to_be_sent_again(api: Api) -> None:
    async def anybody(token: str) -> Grant:
        return Grant(frozenset({"events:write"}), None)

    deps = replace(dependencies_over(api.road), intake=Away(), check_token=anybody)
    async with serving(deps) as url, aiohttp.ClientSession() as session:
        away = Api(api.road, url, session, token="any")
        status, body = await away.ask("POST", "/v1/events", data=json.dumps(api.school()).encode(), headers=BATCH)
    assert (status, body["title"]) == (503, "Service Unavailable")
