"""`/v1/reconcile`: a school's chats beside what is wanted, for who may."""

from __future__ import annotations

from tests.web.conftest import Api

PATH = "/v1/reconcile"


async def with_a_teacher_taken_out(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.converge()
    for chat in list(api.road.platform.world.chats.values())[:1]:
        api.road.platform.world.leave(chat.chat_id, 1, api.road.clock.now())


async def test_it_is_dry_unless_told_and_shown_until_the_next(api: Api) -> None:
    await with_a_teacher_taken_out(api)
    assert (await api.ask("GET", f"{PATH}?organisation=s1"))[0] == 404
    status, dry = await api.ask("POST", PATH, json={"organisation": "s1"})
    assert (status, dry["apply"], dry["counts"]) == (200, False, {"add_member": 1})
    [change] = dry["changes"]
    assert (change["action"], change["person_id"], change["external_user_id"]) == ("add_member", "s1-t", "1")
    assert await api.get(f"{PATH}?organisation=s1") == dry
    await api.road.converge()
    status, applied = await api.ask("POST", PATH, json={"organisation": "s1", "apply": True})
    assert (status, applied["apply"]) == (200, True)
    await api.road.converge()
    assert (await api.ask("POST", PATH, json={"organisation": "s1"}))[1]["differences"] == []


async def test_another_schools_token_sees_and_orders_nothing(api: Api) -> None:
    await api.post(*api.school())
    await api.ask("POST", PATH, json={"organisation": "s1"})
    token = await api.token_for(["read", "operate"], "s2")
    assert (await api.ask("GET", f"{PATH}?organisation=s1", token=token))[0] == 404
    assert (await api.ask("POST", PATH, json={"organisation": "s1"}, token=token))[0] == 404


async def test_who_may_only_read_orders_none(api: Api) -> None:
    await api.post(*api.school())
    token = await api.token_for(["read"])
    assert (await api.ask("POST", PATH, json={"organisation": "s1"}, token=token))[0] == 403
    assert (await api.ask("POST", PATH, json={"organisation": "nowhere"}))[0] == 404


async def test_policies_are_chosen_with_the_account(api: Api) -> None:
    await api.post(*api.school())
    school = "/v1/organisations/s1"
    status, view = await api.ask("PATCH", school, json={"strangers": "revert", "titles": "keep"})
    assert (status, view["strangers"], view["titles"]) == (200, "revert", "keep")
    status, view = await api.ask("PATCH", school, json={"account": "north"})
    assert (status, view["strangers"], view["account"]) == (200, "revert", "north")
    assert (await api.ask("PATCH", school, json={"strangers": "perhaps"}))[0] == 422
