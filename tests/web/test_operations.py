"""Health, status, explanations, and who gets an answer at all."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.database.read.registry import registry_of
from adapters.database.schema import rooms
from adapters.database.tokens import list_tokens, revoke_token
from sync.alarms import ALARMS
from sync.titles import Titles
from tests.web.conftest import Api

QUIET = {"pending": 0, "in_flight": 0, "retrying": 0, "held": 0, "refused": 0}


async def outbox(api: Api) -> dict[str, Any]:
    status = await api.get("/v1/status")
    return {name: count for name, count in {**status["outbox"], "waiting": status["waiting"]}.items() if count}


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/v1/openapi.json", "/"])
async def test_some_paths_answer_without_a_token(api: Api, path: str) -> None:
    assert (await api.ask("GET", path, token=""))[0] == 200


@pytest.mark.parametrize("path", ["/v1/status", "/v1/organisations", "/v1/nowhere"])
async def test_everything_else_needs_a_token_that_is_known(api: Api, path: str) -> None:
    for token in ("", "rollcall_wrong"):
        assert (await api.ask("GET", path, token=token))[0] == 401


async def test_a_revoked_token_is_refused_from_then_on(api: Api) -> None:
    async with api.road.database.writing() as connection:
        [own] = await list_tokens(connection)
        assert await revoke_token(connection, own.id, api.road.clock.now())
        assert not await revoke_token(connection, own.id, api.road.clock.now())
    assert (await api.ask("GET", "/v1/status"))[0] == 401


async def test_what_is_not_there_and_wrong_methods_are_problems_too(api: Api) -> None:
    assert (await api.ask("GET", "/v1/nowhere"))[1] == {"type": "about:blank", "title": "Not Found", "status": 404}
    assert (await api.ask("DELETE", "/v1/status"))[0] == 405


async def test_a_quiet_system_counts_nothing(api: Api) -> None:
    status = await api.get("/v1/status")
    assert (status["lag_records"], status["inbox_unprocessed"], status["outbox"]) == (0, 0, QUIET)


async def test_metrics_tell_what_status_does_and_name_nobody(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.plan()
    _, told = await api.ask("GET", "/metrics", token="")
    shown = dict(line.rsplit(" ", 1) for line in told.splitlines() if line.startswith("rollcall_"))
    status = await api.get("/v1/status")
    for state, count in {**status["outbox"], "waiting": status["waiting"]}.items():
        assert float(shown[f'rollcall_places{{state="{state}"}}']) == count
    assert float(shown['rollcall_places{state="pending"}']) > 0
    assert (shown["rollcall_lag_records"], shown['rollcall_alarms{kind="removal_late"}']) == ("0.0", "0.0")
    assert {f'rollcall_alarms{{kind="{kind}"}}' for kind in ALARMS} <= shown.keys()
    assert "process_cpu_seconds_total" in told
    assert "s1" not in told


async def test_each_place_is_in_one_count_from_waiting_to_done(api: Api) -> None:
    api.road.knows("1", "2", private=["2"])
    await api.post(*api.school())
    assert await outbox(api) == {"waiting": 8}
    await api.post(*api.links(("s1-t", 1), ("s1-p", 2)))
    assert (await api.get("/v1/status"))["inbox_unprocessed"] == 2
    await api.road.plan()
    assert (await api.get("/v1/status"))["inbox_unprocessed"] == 0
    assert await outbox(api) == {"waiting": 4, "pending": 4}
    await api.road.converge()
    assert await outbox(api) == {"waiting": 4, "refused": 1}


async def test_a_call_on_its_way_is_in_flight_and_a_room_put_off_is_retrying(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.plan()
    async with api.road.database.writing() as connection:
        [no] = (await connection.execute(select(rooms.c.room_no).where(rooms.c.chat_id == "class:5a"))).one()
        flying = {"act": "add", "persons": {"1": "s1-t"}}
        await connection.execute(update(rooms).where(rooms.c.room_no == no).values(in_flight=flying))
    assert await outbox(api) == {"waiting": 5, "pending": 2, "in_flight": 1}
    api.road.clock.turn(hours=1)
    async with api.road.database.writing() as connection:
        later = api.road.clock.now().replace(year=2027)
        values = {"in_flight": None, "attempts": 1, "due_at": later}
        await connection.execute(update(rooms).where(rooms.c.room_no == no).values(values))
    assert await outbox(api) == {"waiting": 5, "pending": 2, "retrying": 1}


async def test_a_new_title_is_one_pending_change(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.converge()
    await api.post(api.event("school.class.renamed", organisation_id="s1", class_id="5a", name="6 А"))
    assert (await outbox(api))["pending"] == 2
    await api.road.converge()
    assert await outbox(api) == {"waiting": 5}


async def test_a_room_that_needs_a_person_is_named_and_not_pending(api: Api) -> None:
    api.road.knows("1", "2")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.converge()
    async with api.road.database.writing() as connection:
        lost = update(rooms).where(rooms.c.chat_id == "class:5a").values(observed_life="needs_person")
        await connection.execute(lost)
    await api.post(*api.links(("s1-p", 2)))
    await api.road.plan()
    status = await api.get("/v1/status")
    assert (status["outbox"], status["waiting"]) == (QUIET, 5)
    assert [(each["chat_id"], each["state"]) for each in status["needs_person"]] == [("class:5a", "needs_person")]
    [pupil] = await api.items("/v1/persons/s1-p/chats")
    assert (pupil["state"], pupil["waits_for"]) == ("waiting", "chat")


async def test_alarms_name_pupils_alone_and_removals_that_are_late(api: Api) -> None:
    api.road.knows("1", "2")
    await api.post(*api.school(), *api.links(("s1-p", 1), ("s1-t", 2)))
    await api.road.converge()
    assert (await api.get("/v1/status"))["alarms"] == [
        {
            "kind": "no_administrator",
            "organisation_id": "s1",
            "chat_id": "staff:s1",
            "account": None,
            "since": "2026-11-02T09:00:00Z",
            "detail": None,
        }
    ]
    await api.post(api.event("school.employee.dismissed", organisation_id="s1", employee_id="s1-t"))
    api.road.clock.turn(minutes=6)
    alarms = (await api.get("/v1/status"))["alarms"]
    assert [(each["kind"], each["chat_id"]) for each in alarms if each["kind"] == "removal_late"] == [
        ("removal_late", "class:5a"),
        ("removal_late", "parents:5a"),
        ("removal_late", "staff:s1"),
    ]
    await api.road.converge()
    alarms = (await api.get("/v1/status"))["alarms"]
    assert [(each["kind"], each["chat_id"]) for each in alarms] == [
        ("no_administrator", "class:5a"),
        ("no_staff", "class:5a"),
    ]


async def test_alarms_that_took_long_to_find_are_told_from_memory_twenty_times_as_long(api: Api) -> None:
    seconds = iter((0.0, 1.0, 20.9, 21.0, 21.0, 21.1, 21.1))  # begun and ended; from memory only begun
    registry = registry_of(api.road.database.reading, Titles(), {}, monotonic=seconds.__next__).operations

    async def kinds() -> list[str]:
        return [alarm.kind for alarm in (await registry.status(None, api.road.clock.now())).alarms]

    assert await kinds() == []
    api.road.knows("1", "2")
    await api.post(*api.school(), *api.links(("s1-p", 1), ("s1-t", 2)))
    await api.road.converge()
    assert await kinds() == []
    assert await kinds() == ["no_administrator"]
    await api.post(*api.links(("s1-adm", 3)))
    api.road.knows("3")
    await api.road.converge()
    assert await kinds() == []


async def test_a_flood_of_removals_is_listed_as_a_hold(api: Api) -> None:
    people = [f"p{number}" for number in range(30)]
    api.road.knows(*map(str, range(1, 31)))
    enrolled = [
        api.event("school.student.enrolled", organisation_id="s1", student_id=person, class_id="5a")
        for person in people
    ]
    await api.post(*api.school(), *enrolled, *api.links(*((person, n) for n, person in enumerate(people, start=1))))
    await api.road.converge()
    gone = [api.event("school.student.expelled", organisation_id="s1", student_id=person) for person in people]
    await api.post(*gone)
    [hold] = await api.items("/v1/holds")
    assert (hold["organisation_id"], hold["persons"], hold["state"]) == ("s1", 30, "held")
    assert hold["plan"]["counts"] == {"remove_member": 30}
    assert hold["plan"]["changes"][0]["cause"]["type"] == "school.student.expelled.v1"
    assert (await outbox(api))["held"] == 30
    assert {
        each["state"] for each in await api.items("/v1/organisations/s1/chats/class:5a/members") if each["role"] is None
    } == {"held"}


async def test_an_explanation_names_reasons_exclusions_and_their_events(api: Api) -> None:
    school = api.school()
    out = api.event("school.chat.edited", organisation_id="s1", chat_id="class:5a", remove_ids=["s1-t"])
    await api.post(*school, out)
    told = await api.get("/v1/explain?person=s1-t")
    kept_out, parents, staff = told["chats"]
    assert (kept_out["chat_id"], kept_out["state"], kept_out["reasons"]) == ("class:5a", "excluded", [])
    [exclusion] = kept_out["exclusions"]
    assert exclusion["exclusion"] == "excluded_by_hand"
    assert (exclusion["cause"]["id"], exclusion["cause"]["topic"], exclusion["cause"]["partition"]) == ("7", "inbox", 0)
    assert (parents["waits_for"], [reason["reason"] for reason in parents["reasons"]]) == ("account", ["homeroom"])
    assert staff["reasons"][0]["cause"]["type"] == "school.employee.hired.v1"
    [nothing] = (await api.get("/v1/explain?person=s1-t&chat=staff:s1"))["chats"]
    assert nothing == staff
    [apart] = (await api.get("/v1/explain?person=s1-g&chat=staff:s1"))["chats"]
    assert (apart["state"], apart["role"], apart["reasons"], apart["exclusions"]) == (None, None, [], [])
