"""H17: the platform says 200 and does nothing; the dispatcher cannot see it within the fewest calls.

A changed room is among the next that are looked at. What the look says differs is read back by id, and then it is done
again.
"""

from __future__ import annotations

from tests.doubles.platform import Action, Lost
from tests.road import Road
from tests.test_dispatch import schools, told


async def test_what_was_told_and_not_done_is_found_and_done_again(road: Road) -> None:
    await road.post(schools(road, {"a": 2}))
    lies = {"add_members": 2}

    def lying(action: Action) -> Lost | None:
        lies[action.name] = lies.get(action.name, 0) - 1
        return Lost.LIE if lies[action.name] >= 0 else None

    road.platform.outcome = lying
    await road.converge()
    assert sorted(map(len, (await road.members()).values())) == [1, 1]


async def test_a_look_that_shows_what_is_believed_asks_for_nothing_more(road: Road) -> None:
    asked: list[str] = []

    async def note(action: Action) -> None:
        asked.append(action.name)

    road.platform.before = note
    await road.post(schools(road, {"a": 3}))
    await road.converge()
    assert sorted(asked[-6:]) == ["list_members"] * 3 + ["read_chat"] * 3
    assert asked.count("list_members") == 3
    assert asked.count("read_members") == 0


async def test_somebody_taken_out_behind_our_back_is_seen_by_the_listing_and_a_stranger_is_left_alone(
    road: Road,
) -> None:
    await road.post(schools(road, {"a": 1}))
    await road.plan()
    road.clock.turn(seconds=1)
    await road.settle()
    [chat] = road.platform.world.chats.values()
    [account] = [user for user, member in chat.members.items() if not member.is_owner]
    road.knows("77")
    road.platform.world.leave(chat.chat_id, account, road.clock.at)
    road.platform.world.join(chat.chat_id, 77, road.clock.at)
    await road.converge()
    assert road.shown(str(chat.chat_id)) == {str(account): "member", "77": "member"}


async def test_a_leaver_whose_removal_was_a_lie_does_not_stay(road: Road) -> None:
    """Who is believed out is kept in mind until a listing has shown the same: else nobody would know the account."""
    await road.post(schools(road, {"a": 1}))
    await road.converge()
    lies = iter([Lost.LIE])
    road.platform.outcome = lambda action: next(lies, None) if action.name == "remove_member" else None
    road.clock.turn(seconds=1)
    await road.post([told(99, "school.student.expelled.v1", road, organisation_id="a", student_id="a-s0")])
    await road.converge()
    assert (await road.members())["class:a-0"] == {}
