"""Accounts by HTTP: events of the source `rollcall`, later than all that was said."""

from __future__ import annotations

from urllib.parse import quote

from adapters.database.audit import latest_entries
from tests.web.conftest import Api

T = "/v1/persons/s1-t/accounts"


async def test_linking_is_an_event_and_puts_into_the_chats(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school())
    status, body = await api.ask("PUT", f"{T}/max", json={"external_user_id": "1"})
    linked = {"person_id": "s1-t", "provider": "max", "external_user_id": "1"}
    assert (status, body) == (200, linked | {"linked_at": "2026-11-02T09:00:00Z", "held_by_another": False})
    assert await api.items(T) == [body]
    assert await api.get(f"{T}/max") == body
    await api.road.converge()
    assert (await api.road.members())["class:5a"] == {"1": "admin"}
    [row] = (await api.get("/v1/explain?person=s1-t&chat=class:5a"))["chats"]
    assert [attempt["action"] for attempt in row["attempts"]] == ["add", "grant"]


async def test_linking_wins_over_a_system_whose_clock_is_ahead(api: Api) -> None:
    ahead = {**api.links(("s1-t", 1))[0], "time": "2026-11-03T08:00:00Z"}
    await api.post(*api.school(), ahead)
    status, body = await api.ask("PUT", f"{T}/max", json={"external_user_id": "2"})
    assert (status, body["external_user_id"], body["linked_at"]) == (200, "2", "2026-11-03T08:00:00.000001Z")


async def test_an_account_of_somebody_else_is_said_to_be_held(api: Api) -> None:
    await api.post(*api.school(), *api.links(("s1-p", 1)))
    _, body = await api.ask("PUT", f"{T}/max", json={"external_user_id": "1"})
    assert body["held_by_another"]


async def test_unlinking_ends_it_and_again_finds_nothing(api: Api) -> None:
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    assert (await api.ask("DELETE", f"{T}/max"))[0] == 204
    assert await api.items(T) == []
    for method, path in (("DELETE", f"{T}/max"), ("DELETE", f"{T}/vk_id"), ("GET", f"{T}/max")):
        assert (await api.ask(method, path))[0] == 404


async def test_what_is_no_account_is_refused(api: Api) -> None:
    for body in ({"external_user_id": "0"}, {"external_user_id": 1}, {}):
        status, told = await api.ask("PUT", f"{T}/max", json=body)
        assert (status, told["errors"][0]["pointer"]) == (422, "/external_user_id")
    assert (await api.ask("PUT", f"{T}/icq", json={"external_user_id": "1"}))[0] == 422
    assert (await api.ask("PUT", f"{T}/max", data=b"{"))[0] in {400, 422}
    assert (await api.ask("PUT", f"/v1/persons/{'x' * 129}/accounts/max", json={"external_user_id": "1"}))[0] == 422


async def test_a_token_of_some_schools_links_anybody_and_it_counts_in_these_alone(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school("s1"), *api.school("s2", "6a"))
    token = await api.token_for(["accounts:write", "read"], "s1", source="portal of s1")
    link = {"external_user_id": "1"}
    assert (await api.ask("PUT", "/v1/persons/new/accounts/max", json=link, token=token))[0] == 200
    assert (await api.ask("PUT", "/v1/persons/s2-p/accounts/max", json=link, token=token))[0] == 200
    assert (await api.ask("GET", "/v1/persons/s2-p", token=token))[0] == 404
    await api.road.converge()
    assert await api.road.members() == {}
    assert await api.items("/v1/persons/s2-p/accounts") == []
    reader = await api.token_for(["read"])
    assert (await api.ask("PUT", "/v1/persons/new/accounts/max", json=link, token=reader))[0] == 403


async def test_a_token_whose_source_orders_its_events_links_and_unlinks_all_the_same(api: Api) -> None:
    api.road.knows("1", "2")
    await api.post(*api.school("s1"))
    token = await api.token_for(["accounts:write"], "s1", source="portal of s1")
    [told] = api.links(("s1-t", 2))
    await api.post(told | {"source": "portal of s1", "sequence": "0001"}, token=token)
    status, body = await api.ask("PUT", f"{T}/max", json={"external_user_id": "1"}, token=token)
    assert (status, body["external_user_id"]) == (200, "1")
    assert await api.items(T) == [body]
    assert (await api.ask("DELETE", f"{T}/max", token=token))[0] == 204
    assert await api.items(T) == []


async def test_why_somebody_was_unlinked_is_in_the_audit(api: Api) -> None:
    await api.post(*api.school(), *api.links(("s1-t", 1), ("s1-p", 2)))
    reasons = {"s1-t": "Сменил номер", "s1-p": quote("По просьбе\nродителя")}
    for person, reason in reasons.items():
        path = f"/v1/persons/{person}/accounts/max"
        assert (await api.ask("DELETE", path, headers={"X-Reason": reason}))[0] == 204
    async with api.road.database.reading() as connection:
        told = [entry.reason for entry in await latest_entries(connection, None, 2)]
    assert told == ["Сменил номер", "По просьбе родителя"]
