"""What the platform tells by itself: never believed, always looked at."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from adapters.database.schema import updates_heard
from adapters.simulator.entities import User
from tests.adoption.conftest import PARENT, PUPIL, SECRET, TEACHER, Town
from tests.interleavings.told import Told
from tests.road import Road

CLASS = "class:k"
LEFT = {"update_type": "user_removed", "timestamp": 1, "user": {"user_id": PUPIL}, "is_channel": False}


@pytest.fixture
async def chat(town: Town) -> int:
    """The class chat, adopted."""
    made = await town.makes_chat(TEACHER)
    await town.posts(made, TEACHER, await town.code(CLASS))
    await town.rests()
    return made


async def subscribe(town: Town) -> None:
    await town.client.subscribe(f"{town.url}/webhooks/max", SECRET)


async def post(town: Town, update: dict[str, Any], secret: str = SECRET) -> int:
    headers = {"X-Max-Bot-Api-Secret": secret}
    async with town.session.post(f"{town.url}/webhooks/max", json=update, headers=headers) as response:
        return response.status


@pytest.mark.parametrize("by_webhook", [True, False])
async def test_who_leaves_by_themselves_has_left_and_is_not_put_back(town: Town, chat: int, by_webhook: bool) -> None:
    if by_webhook:
        await subscribe(town)
    await town.sim(f"/chats/{chat}/leave", user_id=PUPIL)
    await town.rests()
    assert await town.states(CLASS) == {"t": "applied", "p": "left"}
    assert await town.shown(chat) == {TEACHER: "admin"}


async def test_who_is_thrown_out_by_hand_is_put_back(town: Town, chat: int) -> None:
    await town.sim(f"/chats/{chat}/expel", by=TEACHER, user_id=PUPIL)
    await town.rests()
    assert await town.shown(chat) == {TEACHER: "admin", PUPIL: "member"}


async def test_h4_an_old_update_told_late_changes_nothing(town: Town, chat: int) -> None:
    before = len(town.running.world.calls)
    assert [await post(town, LEFT | {"chat_id": chat}) for _ in range(2)] == [200, 200]
    await town.rests()
    async with town.app.database.writing() as connection:
        await connection.execute(delete(updates_heard))  # so late that nobody remembers it
    assert await post(town, LEFT | {"chat_id": chat}) == 200
    await town.rests()
    assert await town.states(CLASS) == {"t": "applied", "p": "applied"}
    assert len(town.running.world.calls) == before


async def test_the_same_update_is_looked_into_once(town: Town, chat: int) -> None:
    reads = []
    read_members = town.client.read_members

    async def noted(*asked: Any) -> Any:
        reads.append(asked)
        return await read_members(*asked)

    town.client.read_members = noted  # type: ignore[method-assign, assignment]
    for _ in range(3):
        assert await post(town, LEFT | {"chat_id": chat}) == 200
        await town.rests()
    assert len(reads) == 1


@pytest.mark.parametrize("secret", ["", "another-secret"])
async def test_who_does_not_know_the_secret_is_not_heard(town: Town, chat: int, secret: str) -> None:
    assert await post(town, LEFT | {"chat_id": chat}, secret) == 401
    async with town.app.database.reading() as connection:
        heard = (await connection.execute(updates_heard.select())).fetchall()
    assert not [row for row in heard if "user_removed" in row.key]


@pytest.mark.parametrize("update", [{}, {"update_type": "user_removed"}, {"update_type": "dialog_muted"}, [], 1])
async def test_what_makes_no_sense_or_is_of_no_use_is_taken_and_dropped(town: Town, update: Any) -> None:
    assert await post(town, update) == 200


async def test_what_is_no_json_is_refused(town: Town) -> None:
    headers = {"X-Max-Bot-Api-Secret": SECRET}
    async with town.session.post(f"{town.url}/webhooks/max", data=b"{", headers=headers) as response:
        assert response.status == 400


async def test_of_chats_that_are_not_ours_nothing_is_kept_to_do(town: Town) -> None:
    other = await town.makes_chat(PARENT, "дача", PUPIL)
    await town.sim(f"/chats/{other}/leave", user_id=PUPIL)
    await town.posts(other, PARENT, "RC-AAAA-BBBB")
    calls = len(town.running.world.calls)
    await town.rests()
    assert (town.decided, len(town.running.world.calls)) == ([], calls)


async def taken_out(town: Town, chat: int) -> None:
    await town.sim(f"/chats/{chat}/bot/remove", user_id=TEACHER)


async def rights_taken(town: Town, chat: int) -> None:
    await town.sim(f"/chats/{chat}/bot", user_id=TEACHER, permissions=[])


@pytest.mark.parametrize("lose", [taken_out, rights_taken])
async def test_a_lost_chat_needs_a_person_and_goes_on_once_rights_are_back(town: Town, chat: int, lose: Any) -> None:
    await lose(town, chat)
    await town.rests()
    assert (await town.needs_person())[CLASS] == "needs_person"
    await town.people(21)
    await town.tell("school.student.enrolled", organisation_id="s", student_id="q", class_id="k")
    await town.tell("account.linked", person_id="q", provider="max", external_user_id="21")
    await town.rests()
    assert (await town.states(CLASS))["q"] == "waiting"
    await town.sim(f"/chats/{chat}/bot", user_id=TEACHER)
    await town.rests()
    assert await town.shown(chat) == {TEACHER: "admin", PUPIL: "member", 21: "member"}
    assert CLASS not in await town.needs_person()


async def test_one_right_that_is_lacking_is_named_and_stops_nothing_else(town: Town, chat: int) -> None:
    all_but_one = ["read_all_messages", "add_remove_members", "add_admins", "write"]
    await town.sim(f"/chats/{chat}/bot", user_id=TEACHER, permissions=all_but_one)
    await town.rests()
    await town.people(21)
    await town.tell("school.class.renamed", organisation_id="s", class_id="k", name="6 А")
    await town.tell("school.student.enrolled", organisation_id="s", student_id="q", class_id="k")
    await town.tell("account.linked", person_id="q", provider="max", external_user_id="21")
    await town.tell("school.student.expelled", organisation_id="s", student_id="p")
    await town.rests()
    assert await town.shown(chat) == {TEACHER: "admin", 21: "member"}
    assert town.running.world.chats[chat].title == "5 А"
    assert (await town.needs_person())[CLASS] == "needs_person"
    await town.sim(f"/chats/{chat}/bot", user_id=TEACHER)
    await town.rests()
    assert town.running.world.chats[chat].title == "6 А"
    assert CLASS not in await town.needs_person()


async def test_a_title_that_somebody_changed_is_set_again(town: Town, chat: int) -> None:
    await town.sim(f"/chats/{chat}/title", by=TEACHER, title="лучший класс")
    await town.rests()
    assert town.running.world.chats[chat].title == "5 А"


async def test_who_was_refused_and_comes_by_a_link_is_in(town: Town, chat: int) -> None:
    town.running.world.put_users([User(21, privacy=True)])
    await town.tell("school.student.enrolled", organisation_id="s", student_id="q", class_id="k")
    await town.tell("account.linked", person_id="q", provider="max", external_user_id="21")
    await town.rests()
    assert (await town.states(CLASS))["q"] == "refused"
    await town.sim(f"/chats/{chat}/join", user_id=21)
    await town.rests()
    assert (await town.states(CLASS))["q"] == "applied"


async def test_what_we_do_ourselves_is_not_looked_into(town: Town, chat: int) -> None:
    looks = []
    read_members, read_chat = town.client.read_members, town.client.read_chat

    async def noted(*asked: Any) -> Any:
        looks.append(asked)
        return await read_members(*asked)

    async def looked(*asked: Any) -> Any:
        looks.append(asked)
        return await read_chat(*asked)

    town.client.read_members, town.client.read_chat = noted, looked  # type: ignore[method-assign, assignment]
    await town.tell("school.student.expelled", organisation_id="s", student_id="p")
    await town.tell("school.class.renamed", organisation_id="s", class_id="k", name="6 А")
    await town.rests()
    assert looks == []


async def test_rights_that_are_given_back_unheard_are_found_within_the_hour(road: Road) -> None:
    told = Told()
    told.school("organisation.registered", name="Школа")
    told.school("employee.hired", employee_id="t", position_type="teaching_staff")
    told.account("linked", "t", "1")
    road.knows("1", "2")
    await road.post(told.events)
    await road.converge()
    road.platform.world.chats[-1].rights_lost = True
    await road.post(
        [
            told.school("employee.hired", employee_id="u", position_type="teaching_staff"),
            told.account("linked", "u", "2"),
        ]
    )
    await road.converge()
    assert road.shown("-1") == {"1": "member"}
    calls = len(road.platform.world.calls)
    road.platform.world.chats[-1].rights_lost = False
    road.clock.turn(minutes=59)
    await road.settle()
    assert len(road.platform.world.calls) == calls
    road.clock.turn(minutes=2)
    await road.converge()
    assert road.shown("-1") == {"1": "member", "2": "member"}
