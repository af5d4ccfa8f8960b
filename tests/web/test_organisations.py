"""`PATCH /v1/organisations/{id}`: by which platform account a school's chats are made."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from adapters.database.schema import rooms
from tests.web.conftest import Api

SCHOOL = "/v1/organisations/s1"


async def tokens(api: Api) -> dict[str, str]:
    async with api.road.database.reading() as connection:
        return {room.chat_id: room.platform_token for room in await connection.execute(select(rooms))}


async def test_chats_to_be_made_are_of_the_account_chosen(api: Api) -> None:
    await api.post(*api.school())
    status, view = await api.ask("PATCH", SCHOOL, json={"account": "north"})
    assert (status, view["platform"], view["account"]) == (200, "max", "north")
    assert set((await tokens(api)).values()) == {"max:north"}
    await api.post(
        api.event("school.class.opened", organisation_id="s1", class_id="6", name="6", school_year="2026/2027")
    )
    await api.post(api.event("school.student.enrolled", organisation_id="s1", student_id="n", class_id="6"))
    assert (await tokens(api))["class:6"] == "max:north"
    assert (await api.ask("PATCH", SCHOOL, json={"account": ""}))[1]["account"] is None


async def test_chats_that_stand_stay_with_the_account_that_made_them(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.converge()
    await api.ask("PATCH", SCHOOL, json={"account": "north"})
    assert set((await tokens(api)).values()) == {"max"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (SCHOOL, {"account": "south"}, 422),
        (SCHOOL, {"platform": "vk", "account": "south"}, 422),
        (SCHOOL, {"colour": "red"}, 422),
        ("/v1/organisations/nowhere", {"account": "north"}, 404),
    ],
)
async def test_what_is_not_set_or_not_there_changes_nothing(
    api: Api, path: str, body: dict[str, str], status: int
) -> None:
    await api.post(*api.school())
    assert (await api.ask("PATCH", path, json=body))[0] == status
    assert set((await tokens(api)).values()) == {"max"}


async def test_who_may_only_read_chooses_nothing(api: Api) -> None:
    await api.post(*api.school())
    token = await api.token_for(["read"])
    assert (await api.ask("PATCH", SCHOOL, json={"account": "north"}, token=token))[0] == 403


async def test_a_move_is_shown_with_apply_false_and_done_without(api: Api) -> None:
    api.road.knows("1", "2")
    await api.post(*api.school(), *api.links(("s1-t", 1), ("s1-p", 2)))
    of_vk = {"person_id": "s1-p", "provider": "vk_id", "external_user_id": "70"}
    await api.post(api.event("account.linked", **of_vk))
    await api.road.converge()
    status, shown = await api.ask("PATCH", SCHOOL, json={"platform": "vk", "apply": False})
    assert (status, shown["moves"], shown["holds"]) == (200, True, [])
    assert shown["plan"]["counts"]["create_chat"] == 1
    added = {
        line["external_user_id"] for line in shown["plan"]["changes"] if line["person_id"] == "s1-p" and line["role"]
    }
    assert added == {"70"}
    assert (await api.get(SCHOOL))["platform"] == "max"
    status, view = await api.ask("PATCH", SCHOOL, json={"platform": "vk"})
    assert (status, view["platform"]) == (200, "vk")
    await api.road.plan()
    assert (await api.get(SCHOOL))["moving"] >= 1
    async with api.road.database.reading() as connection:
        found = {(room.chat_id, room.platform_token) for room in await connection.execute(select(rooms))}
    assert {("class:5a", "max"), ("class:5a", "vk")} <= found


async def test_what_cannot_be_chosen_is_not_shown_either(api: Api) -> None:
    await api.post(*api.school())
    assert (await api.ask("PATCH", SCHOOL, json={"account": "south", "apply": False}))[0] == 422
    assert (await api.ask("PATCH", "/v1/organisations/nowhere", json={"platform": "vk", "apply": False}))[0] == 404
