"""What happens while a school moves: to its people, to its platform accounts, and when it goes back."""

from __future__ import annotations

from typing import cast

from sync.errors import Failure, PlatformError
from tests.doubles.platform import WorldPlatform
from tests.moving.conftest import CLASS, FIRST, SCHOOL, TEACHER, School, school_on

EVERYBODY = {1, 2, 3, TEACHER}
REFUSED = PlatformError(Failure.CREDENTIALS, "verify.token", retry_after_s=30.0)
LATER = PlatformError(Failure.RETRY, "attachment.not.ready")


def client(school: School, platform: str) -> WorldPlatform:
    return cast(WorldPlatform, school.road.clients[platform])


async def test_while_the_new_account_refuses_everything_nobody_leaves_the_old_chat(in_memory: School) -> None:
    school = in_memory
    await school.begins(3)
    client(school, "max").outcome = lambda _: REFUSED
    await school.chooses("max")
    for _ in range(20):
        await school.road.plan()
        await school.road.settle()
        school.road.clock.turn(seconds=40)
    assert (await school.members("vk"), await school.chat("max")) == (EVERYBODY, None)
    client(school, "max").outcome = lambda _: None
    await school.road.converge()
    assert (await school.members("vk"), await school.members("max")) == ({TEACHER}, EVERYBODY)


async def test_who_is_expelled_meanwhile_leaves_the_old_chat_at_once_and_joins_no_new_one(in_memory: School) -> None:
    school = in_memory
    await school.begins(3)
    client(school, "max").outcome = lambda _: REFUSED
    await school.chooses("max")
    school.told.school("student.expelled", student_id="p1")
    school.enrols(4)
    school.links("p4", 4, "vk")
    school.links("p4", 4, "max")
    await school.takes()
    assert (await school.states())["p1"] == ("pending", None)
    assert (await school.explained("p1")).state == "pending"
    for _ in range(3):
        await school.road.settle()
        school.road.clock.turn(seconds=1)
    assert await school.members("vk") == {2, 3, TEACHER}  # nobody is added there any more, either
    client(school, "max").outcome = lambda _: None
    await school.road.converge()
    assert await school.members("max") == {2, 3, 4, TEACHER}
    added = {user for call in school.world.calls if call.action == "add" for user in call.user_ids}
    assert FIRST["max"] + 1 not in added


async def test_what_is_said_of_who_stands_in_the_old_chat_and_has_no_account_for_the_new(in_memory: School) -> None:
    school = in_memory
    await school.begins(3, linked_on=["vk"])
    await school.moves("max")
    told = await school.explained("p1")
    assert (told.state, told.waits_for, told.still_on) == ("waiting", "account", "vk")
    view = await school.registry.schools.organisation(SCHOOL)
    assert view is not None
    assert (view.platform, view.moving) == ("max", 2)  # of the class and of its parents


async def test_going_back_midway_everybody_is_where_they_were_and_the_new_chats_are_left(in_memory: School) -> None:
    school = in_memory
    await school.begins(3, linked_on=["vk"])
    school.links("p1", 1, "max")
    await school.takes()
    await school.chooses("max")
    await school.road.plan()
    school.road.clock.turn(seconds=1)
    await school.road.settle()
    assert await school.members("max") == {1}
    old = (await school.rooms())["vk"]
    await school.moves("vk")
    again = (await school.rooms())["vk"]
    assert (again.room_no, again.external_chat_id) == (old.room_no, old.external_chat_id)
    assert (await school.members("vk"), await school.members("max")) == (EVERYBODY, set())
    assert (await school.rooms())["max"].observed_life == "archived"
    assert {state for state, _ in (await school.states()).values()} == {"applied"}


async def test_going_back_before_anything_was_made_leaves_all_as_it_was(in_memory: School) -> None:
    school = in_memory
    await school.begins(3)
    calls = len(school.world.calls)
    await school.chooses("max")
    await school.road.plan()
    await school.chooses("vk")
    await school.road.converge()
    assert await school.members("vk") == EVERYBODY
    assert len(school.world.calls) == calls


async def test_going_back_and_forth_ends_where_the_school_is(in_memory: School) -> None:
    school = in_memory
    await school.begins(3)
    for platform in ("max", "vk", "max"):
        await school.moves(platform)
        assert await school.members(platform) == EVERYBODY
    assert await school.members("vk") == {TEACHER}


async def test_a_class_that_closes_midway_closes_both_of_its_chats(in_memory: School) -> None:
    school = in_memory
    await school.begins(3, linked_on=["vk"])
    await school.chooses("max")
    school.told.school("class.closed", class_id="5a")
    await school.goes_on()
    assert await school.members("vk") == {TEACHER}
    assert (await school.rooms())["vk"].observed_life == "archived"


async def test_who_left_the_chat_by_himself_is_not_put_into_the_one_that_takes_over(in_memory: School) -> None:
    school = in_memory
    await school.begins(3)
    chat = await school.chat("vk")
    assert chat is not None
    school.road.clock.turn(seconds=1)
    school.world.leave(chat.chat_id, 1, school.road.clock.now())
    async with school.road.database.settling() as tx:
        await tx.ask_read_backs([("vk", str(chat.chat_id), school.account(1, "vk"), "left")])
    await school.road.converge()
    assert (await school.states())["p1"] == ("left", None)
    await school.moves("max")
    assert await school.members("max") == {2, 3, TEACHER}
    assert (await school.states())["p1"] == ("left", None)
    school.told.school("student.expelled", student_id="p1")
    await school.goes_on()
    school.told.school("student.restored", student_id="p1", class_id="5a")
    await school.goes_on()
    assert await school.members("max") == EVERYBODY


async def test_a_stranger_is_told_by_the_accounts_of_the_room_he_stands_in(in_memory: School) -> None:
    """The number of a pupil's account on the one platform is nobody's on the other."""
    school = in_memory
    await school.begins(3, linked_on=["vk"])
    school.links("p1", 1, "max")
    await school.takes()
    await school.moves("max")
    chat = await school.chat("max")
    assert chat is not None
    school.world.join(chat.chat_id, 2, school.road.clock.now())  # p2 on VK
    await school.road.look()
    await school.road.converge()
    assert "p2" not in {person for person, (state, _) in (await school.states()).items() if state == "pending"}
    [alarm] = [alarm for alarm in (await school.status()).alarms if alarm.kind == "stranger"]
    assert alarm.chat_id == "class:5a"


async def test_without_partner_operations_the_old_chat_is_kept_until_a_person_made_the_new_one(sqlite_url: str) -> None:
    async with school_on("vk", sqlite_url, partner_operations=False) as school:
        await school.begins(3)
        await school.moves("max")
        assert await school.members("vk") == EVERYBODY
        [chat] = [view for view in await school.chats() if view.chat_id == "class:5a"]
        assert (chat.state, (await school.states())["p1"]) == ("to_adopt", ("waiting", "chat"))
        status = await school.status()
        assert (status.outbox.pending, status.outbox.in_flight, status.outbox.retrying) == (0, 0, 0)
        await school.hands_over(CLASS)
        await school.road.converge()
        assert await school.members("max") == EVERYBODY
        assert await school.members("vk") == {TEACHER}


async def test_who_comes_at_the_last_moment_is_waited_for(in_memory: School) -> None:
    school = in_memory
    await school.begins(3, linked_on=["vk"])
    for number in (1, 4):
        school.links(f"p{number}", number, "max")
    await school.takes()
    await school.chooses("max")
    await school.road.plan()
    while not await school.perhaps_filled():
        school.road.clock.turn(seconds=1)
        await school.road.settle()
    school.enrols(4)
    await school.takes()
    assert (await school.rooms())["vk"].left_for is None
    await school.road.converge()
    assert (await school.members("max"), await school.members("vk")) == ({1, 4}, {TEACHER})


async def test_a_room_with_the_first_of_a_class_is_not_filled_before_the_others_are_planned(in_memory: School) -> None:
    """An event may plan somebody into a new room before the school is planned as a whole."""
    school = in_memory
    await school.begins(3)
    for platform in ("max", "vk"):
        school.links("p4", 4, platform)
    await school.takes()
    await school.chooses("max")
    school.enrols(4)
    await school.posts()
    while not await school.perhaps_filled():
        school.road.clock.turn(seconds=1)
        await school.road.settle()
    assert await school.members("max") == {4}
    await school.road.plan()
    assert (await school.rooms())["vk"].left_for is None
    await school.road.converge()
    assert await school.members("max") == {1, 2, 3, 4, TEACHER}
    assert await school.members("vk") == {TEACHER}


async def test_who_links_at_the_last_moment_is_waited_for_too(in_memory: School) -> None:
    school = in_memory
    await school.begins(3, linked_on=["vk"])
    school.links("p1", 1, "max")
    await school.takes()
    await school.chooses("max")
    await school.road.plan()
    while not await school.perhaps_filled():
        school.road.clock.turn(seconds=1)
        await school.road.settle()
    school.links("p2", 2, "max")
    await school.takes()
    assert (await school.rooms())["vk"].left_for is None
    await school.road.converge()
    assert (await school.members("max"), await school.members("vk")) == ({1, 2}, {TEACHER})


async def test_going_back_before_the_old_chat_was_told_nobody_is_told_to_leave_it(in_memory: School) -> None:
    school = in_memory
    await school.begins(3)
    client(school, "vk").outcome = lambda action: LATER if action.name in {"write_message", "archive_chat"} else None
    await school.chooses("max")
    while (await school.rooms())["vk"].left_for is None:
        await school.road.plan()
        school.road.clock.turn(seconds=1)
        await school.road.settle()
    client(school, "vk").outcome = lambda _: None
    await school.moves("vk")
    assert (await school.members("vk"), (await school.rooms())["vk"].left_for) == (EVERYBODY, None)
    assert not [text for _, text in school.messages() if "«5 А» переехал в MAX" in text]
