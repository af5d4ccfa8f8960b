"""Tokens: how long they are good, what was done with them, whose a source is, and what it shows of other schools."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.database.audit import Entry, latest_entries
from adapters.database.tokens import SourceTaken, list_tokens, revoke_token
from events.intake import Intake
from rollcall.bearers import Audit, Bearers
from sync.errors import StoreUnavailable
from tests.road import START
from tests.web.conftest import BATCH, Api

T = "/v1/persons/s1-t/accounts/max"


async def entries(api: Api) -> list[Entry]:
    async with api.road.database.reading() as connection:
        return list(await latest_entries(connection, None, 100))


async def test_a_token_is_refused_from_the_moment_it_expires(api: Api) -> None:
    token = await api.token_for(["read"], expires_at=START + timedelta(hours=1))
    assert (await api.ask("GET", "/v1/status", token=token))[0] == 200
    api.road.clock.turn(hours=1)
    assert (await api.ask("GET", "/v1/status", token=token))[0] == 401


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (["Bearer {}"], 200),
        (["bearer  {} "], 200),
        (["Basic {}"], 401),
        (["{}"], 401),
        (["Bearer"], 401),
        (["Bearer {}", "Bearer {}"], 401),
        (["Bearer {}", "Bearer unknown"], 401),
        ([], 401),
    ],
)
async def test_exactly_one_bearer_token_is_taken(api: Api, given: list[str], status: int) -> None:
    headers = [("Authorization", each.format(api.token)) for each in given]
    async with api.session.get(f"{api.url}/v1/status", headers=headers) as response:
        assert (response.status, response.headers.get("WWW-Authenticate")) == (
            status,
            "Bearer" if status == 401 else None,
        )


async def test_the_last_use_of_a_token_is_known_to_the_minute(api: Api) -> None:
    async def last_uses() -> list[Any]:
        async with api.road.database.reading() as connection:
            return [token.last_used_at for token in await list_tokens(connection)]

    assert await last_uses() == [None]
    await api.get("/v1/status")
    api.road.clock.turn(seconds=59)
    await api.get("/v1/status")
    assert await last_uses() == [START]
    api.road.clock.turn(seconds=1)
    await api.get("/v1/status")
    assert await last_uses() == [START + timedelta(minutes=1)]


async def test_what_a_token_did_is_in_the_audit_and_what_it_read_is_not(api: Api) -> None:
    reader = await api.token_for(["read"])
    await api.post(*api.school(), api.event("school.organisation.registered", organisation_id="s1"))
    await api.ask("PUT", T, json={"external_user_id": "1"})
    await api.get("/v1/persons/s1-t")
    await api.ask("DELETE", T)
    await api.ask("DELETE", T, token=reader)
    await api.ask("POST", "/v1/events", data=b"{", headers=BATCH)
    kept = await entries(api)
    assert [(each.request, each.status, each.outcomes) for each in kept] == [
        ("POST /v1/events", 202, {"applied": 6, "rejected": 1}),
        (f"PUT {T}", 200, None),
        (f"DELETE {T}", 204, None),
        (f"DELETE {T}", 403, None),
        ("POST /v1/events", 400, None),
    ]
    async with api.road.database.reading() as connection:
        own, other = sorted(await list_tokens(connection), key=lambda token: -len(token.scopes))
    assert [each.token_id for each in kept] == [own.id, own.id, own.id, other.id, own.id]


async def test_what_failed_of_a_fault_of_ours_is_in_the_audit_as_that(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Intake, "take", fails)
    assert (await api.ask("POST", "/v1/events", json=[], headers=BATCH))[0] == 500
    assert [(each.request, each.status, each.outcomes) for each in await entries(api)] == [
        ("POST /v1/events", 500, None)
    ]


@pytest.mark.parametrize(("port", "method"), [(Bearers, "__call__"), (Audit, "begin")])
async def test_what_may_not_be_checked_or_kept_in_the_audit_is_not_done(
    api: Api, monkeypatch: pytest.MonkeyPatch, port: type, method: str
) -> None:
    async def away(*_: Any) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as changed:
        changed.setattr(port, method, away)
        status, body = await api.ask("POST", "/v1/events", json=api.school(), headers=BATCH)
    assert (status, body["detail"]) == (503, "The database does not answer")
    assert (await api.items("/v1/organisations"), await entries(api)) == ([], [])


async def test_who_has_no_token_leaves_nothing_in_the_audit(api: Api) -> None:
    assert (await api.ask("PUT", T, json={"external_user_id": "1"}, token="unknown"))[0] == 401
    assert await entries(api) == []


async def test_a_source_belongs_to_one_token_until_that_is_revoked_or_expires(api: Api) -> None:
    await api.token_for(["events:write"], source="region")
    for schools in ((), ("s1",)):
        with pytest.raises(SourceTaken, match="belongs to the token"):
            await api.token_for(["events:write"], *schools, source="region")
    await api.token_for(["events:write"], "s1", source="sis", expires_at=START + timedelta(hours=1))
    api.road.clock.turn(hours=1)
    await api.token_for(["events:write"], "s1", "s2", source="sis")
    for own in ("rollcall", "rollcall/a-token"):
        with pytest.raises(SourceTaken, match="own"):
            await api.token_for(["events:write"], "s1", source=own)
    await api.token_for(["events:write"], "s1", source="rollcalls")


async def test_a_source_never_goes_over_to_schools_it_was_not_of(api: Api) -> None:
    await api.token_for(["accounts:write"], "s1", source="portal")
    async with api.road.database.writing() as connection:
        [token] = [each for each in await list_tokens(connection) if each.organisations]
        await revoke_token(connection, token.id, api.road.clock.now())
    with pytest.raises(SourceTaken, match="other schools"):
        await api.token_for(["accounts:write"], "s2", source="portal")


async def test_when_a_link_counts_from_does_not_tell_what_another_school_said(api: Api) -> None:
    await api.post(*api.school("s1"), *api.school("s2", "6a"))
    theirs = await api.token_for(["accounts:write"], "s1", source="portal of s1")
    ahead = {**api.links(("p", 1))[0], "time": (START + timedelta(hours=20)).isoformat(), "source": "portal of s1"}
    await api.post(ahead, token=theirs)
    own = await api.token_for(["accounts:write"], "s2", source="portal of s2")
    status, shown = await api.ask("PUT", "/v1/persons/p/accounts/max", json={"external_user_id": "2"}, token=own)
    assert (status, shown["linked_at"]) == (200, "2026-11-02T09:00:00Z")


async def test_the_cause_of_a_place_is_an_event_that_concerns_it(api: Api) -> None:
    await api.post(*api.school("s1"), *api.school("s2", "6a"))
    of_s1, of_s2 = api.links(("s1-p", 1), ("s2-p", 2))
    await api.post(of_s2, of_s1)
    await api.road.plan()
    async with api.road.database.reading() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT places.person_id, inbox.id FROM places JOIN inbox ON inbox.no = places.cause_no"
            " WHERE places.account IN ('1', '2')"
        )
        assert set(map(tuple, rows)) == {("s1-p", of_s1["id"]), ("s2-p", of_s2["id"])}
