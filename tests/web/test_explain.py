"""`explain` answers for whoever is not where somebody looks for him: nothing printed would be a defect."""

from __future__ import annotations

from typing import Any

from adapters.database.again import try_again
from sync.errors import Failure, PlatformError
from sync.ids import ChatId, OrganisationId, PersonId
from sync.views.registry import Asked
from tests.web.conftest import Api


async def told(api: Api, person: str) -> dict[str, dict[str, Any]]:
    return {chat["chat_id"]: chat for chat in (await api.get(f"/v1/explain?person={person}"))["chats"]}


def ends(api: Api) -> dict[str, Any]:
    return api.event("school.student.expelled", organisation_id="s1", student_id="s1-p")


async def test_the_expelled_and_their_guardians_are_told_since_which_event(api: Api) -> None:
    api.road.knows("1", "2")
    await api.post(*api.school(), *api.links(("s1-p", 1), ("s1-t", 2)))
    await api.road.converge()
    gone = ends(api)
    await api.post(gone)
    leaving = (await told(api, "s1-p"))["class:5a"]
    assert (leaving["state"], leaving["ended"]["cause"]["id"]) == ("pending", gone["id"])
    await api.road.converge()
    for person, chat_id in [("s1-p", "class:5a"), ("s1-g", "parents:5a")]:
        chat = (await told(api, person))[chat_id]
        assert (chat["state"], chat["ended"]["cause"]["id"]) == (None, gone["id"])
        assert chat["ended"]["cause"]["type"] == "school.student.expelled.v1"
    staying = (await told(api, "s1-t"))["class:5a"]
    assert (staying["state"], staying["ended"]) == ("applied", None)


async def test_who_was_dismissed_before_he_was_ever_linked_is_told_it_too(api: Api) -> None:
    school = api.school()
    gone = api.event("school.employee.dismissed", organisation_id="s1", employee_id="s1-t")
    await api.post(*school, gone)
    chats = await told(api, "s1-t")
    assert {chat["ended"]["cause"]["id"] for chat in chats.values()} == {gone["id"]}
    assert set(chats) == {"class:5a", "parents:5a", "staff:s1"}


async def test_who_moved_is_told_out_of_which_chat_and_who_is_back_is_not(api: Api) -> None:
    api.road.knows("1")
    other = api.event("school.class.opened", organisation_id="s1", class_id="5b", name="5 Б", school_year="2026/2027")
    await api.post(*api.school(), other, *api.links(("s1-p", 1)))
    await api.road.converge()
    moved = api.event("school.student.transferred", organisation_id="s1", student_id="s1-p", to_class_id="5b")
    await api.post(moved)
    await api.road.converge()
    chats = await told(api, "s1-p")
    assert (chats["class:5a"]["ended"]["cause"]["id"], chats["class:5b"]["ended"]) == (moved["id"], None)
    await api.post(api.event("school.student.transferred", organisation_id="s1", student_id="s1-p", to_class_id="5a"))
    await api.road.converge()
    assert (await told(api, "s1-p"))["class:5a"]["ended"] is None


async def test_the_held_are_told_which_hold_and_until_when(api: Api) -> None:
    people = [f"p{number}" for number in range(30)]
    api.road.knows(*map(str, range(1, 31)))
    enrolled = [
        api.event("school.student.enrolled", organisation_id="s1", student_id=person, class_id="5a")
        for person in people
    ]
    await api.post(*api.school(), *enrolled, *api.links(*((person, n) for n, person in enumerate(people, start=1))))
    await api.road.converge()
    await api.post(
        *(api.event("school.student.expelled", organisation_id="s1", student_id=person) for person in people)
    )
    [hold] = await api.items("/v1/holds")
    chat = (await told(api, "p0"))["class:5a"]
    assert chat["state"] == "held"
    assert chat["hold"] == {"id": hold["id"], "limit": hold["limit"], "expires_at": hold["expires_at"]}


async def test_the_refused_are_told_the_code_and_when_it_is_tried_next_and_may_be_tried_at_once(api: Api) -> None:
    api.road.knows("2", private=["2"])
    await api.post(*api.school(), *api.links(("s1-p", 2)))
    await api.road.converge()
    chat = (await told(api, "s1-p"))["class:5a"]
    assert (chat["state"], chat["refused_code"]) == ("refused", "add.participant.privacy")
    api.road.knows("2")
    assert await try_again(api.road.database, PersonId("s1-p"), Asked(chat_id=ChatId("staff:s1"))) == 0
    assert await try_again(api.road.database, PersonId("s1-p"), Asked(OrganisationId("s1"), ChatId("class:5a"))) == 1
    await api.road.converge()
    assert (await told(api, "s1-p"))["class:5a"]["state"] == "applied"
    assert await try_again(api.road.database, PersonId("s1-p"), Asked()) == 0


async def test_what_the_platform_did_not_answer_is_told_when_it_is_tried_next(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1)))
    await api.road.plan()
    api.road.clock.turn(seconds=1)
    api.road.platform.outcome = lambda _: PlatformError(Failure.CREDENTIALS, "verify.token")
    await api.road.settle()
    tries = {chat["next_try_at"] for chat in (await told(api, "s1-t")).values()}
    assert "2026-11-02T09:01:01Z" in tries


async def test_an_account_that_somebody_else_holds_is_told(api: Api) -> None:
    api.road.knows("1")
    await api.post(*api.school(), *api.links(("s1-t", 1), ("s1-p", 1)))
    await api.road.converge()
    assert (await told(api, "s1-p"))["class:5a"]["waits_for"] == "account_held_by_another_person"
    assert (await told(api, "s1-g"))["parents:5a"]["waits_for"] == "account"
    [chat] = await api.items("/v1/persons/s1-p/chats")
    assert chat["waits_for"] == "account_held_by_another_person"
    for chat_id, person, waits_for in [
        ("class:5a", "s1-p", "account_held_by_another_person"),
        ("parents:5a", "s1-g", "account"),
        ("class:5a", "s1-t", None),
    ]:
        members = await api.items(f"/v1/organisations/s1/chats/{chat_id}/members")
        assert [each["waits_for"] for each in members if each["person_id"] == person] == [waits_for]
