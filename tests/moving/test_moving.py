"""A school moves to another platform: its chats are made there, filled, and only then left where they were."""

from __future__ import annotations

from collections import Counter

from adapters.simulator.entities import User
from tests.moving.conftest import FIRST, OTHER, TEACHER, School

EVERYBODY = {1, 2, 3, TEACHER}


async def test_a_chat_moves_and_its_people_with_it(school: School) -> None:
    await school.begins(3)
    there = OTHER[school.at]
    assert await school.members(school.at) == EVERYBODY
    await school.moves(there)
    assert await school.members(there) == EVERYBODY
    assert await school.members(school.at) == {TEACHER}  # as of every archived class chat
    status = await school.status()
    assert (status.outbox.pending, status.outbox.in_flight, status.outbox.retrying, status.waiting) == (0, 0, 0, 0)
    row = (await school.rooms())[school.at]
    assert (row.wanted_life, row.left_for) == ("archived", (await school.rooms())[there].room_no)


async def test_the_old_chat_is_told_once_where_it_goes_before_anybody_leaves_it(school: School) -> None:
    await school.begins(3)
    await school.moves(OTHER[school.at])
    [(_, text)] = [said for said in school.messages() if "5 А" in said[1] and "Родители" not in said[1]]
    assert "переехал в" in text
    assert "https://" in text
    old = await school.chat(school.at)
    assert old is not None
    of_old = [call for call in school.world.calls if call.chat_id == old.chat_id]
    kinds = [call.action for call in of_old]
    assert kinds.index("message") < kinds.index("remove")
    assert Counter(kinds)["message"] == 1


async def test_nobody_leaves_the_old_chat_before_all_are_in_the_new_one(school: School) -> None:
    await school.begins(3)
    await school.moves(OTHER[school.at])
    old = await school.chat(school.at)
    assert old is not None
    calls = list(school.world.calls)
    first_out = next(n for n, call in enumerate(calls) if call.chat_id == old.chat_id and call.action == "remove")
    new = await school.chat(OTHER[school.at])
    assert new is not None
    last_in = max(
        n for n, call in enumerate(calls) if call.chat_id == new.chat_id and call.action in {"add", "set_admin"}
    )
    assert last_in < first_out


async def test_what_it_would_do_is_shown_and_nothing_is_done(school: School) -> None:
    await school.begins(3, linked_on=[school.at])
    for number in (1, 2):
        school.links(f"p{number}", number, OTHER[school.at])
    await school.goes_on()
    before = len(school.world.calls)
    shown = await school.shows(OTHER[school.at])
    lines = [line for line in shown.lines if line.chat_id == "class:5a"]
    assert shown.moves
    added = {line.person_id: line.external_user_id for line in lines if line.action == "add_member"}
    assert {person for person, account in added.items() if account} == {"p1", "p2"}
    assert {person for person, account in added.items() if account is None} == {"p3", "t"}
    assert {line.person_id for line in lines if line.action == "remove_member"} == {"p1", "p2", "p3"}
    assert Counter(line.action for line in lines if line.person_id is None) == {"create_chat": 1, "archive_chat": 1}
    await school.road.converge()
    assert len(school.world.calls) == before
    assert await school.members(school.at) == EVERYBODY


async def test_who_has_no_account_there_stays_until_the_chat_is_left_and_waits_then(school: School) -> None:
    await school.begins(3, linked_on=[school.at])
    there = OTHER[school.at]
    await school.moves(there)
    assert await school.members(school.at) == EVERYBODY  # nobody could be put into a new one
    assert set((await school.states()).values()) == {("waiting", "account")}
    school.links("p1", 1, there)
    await school.goes_on()
    assert await school.members(there) == {1}
    assert await school.members(school.at) == {TEACHER}
    assert (await school.states())["p2"] == ("waiting", "account")
    school.links("p2", 2, there)
    await school.goes_on()
    assert await school.members(there) == {1, 2}


async def test_where_the_new_chat_has_nobody_yet_the_old_one_is_not_left(school: School) -> None:
    """Children whose safe mode lets nobody add them: the chat is made, and all are refused."""
    await school.begins(2, linked_on=[school.at])
    there = OTHER[school.at]
    for number in (1, 2):
        school.links(f"p{number}", number, there)
        school.world.put_users([User(FIRST[there] + number, privacy=True)])
    await school.takes()
    await school.moves(there)
    assert await school.chat(there) is not None
    assert {state for person, (state, _) in (await school.states()).items() if person != "t"} == {"refused"}
    assert await school.members(school.at) == {1, 2, TEACHER}
    school.links("t", TEACHER, there)
    await school.goes_on()
    assert await school.members(there) == {TEACHER}
    assert await school.members(school.at) == {TEACHER}
