"""H2: keyed by person, one account is two people.

(a) Anna's first account is being added when she links another: the answer must not be taken for the second one's.
(b) An account passes from one person to another who belongs in the same chat: «remove X (for Anna), add X (for Vera)»
must not throw X out. The platform knows accounts, not persons: places are keyed by account, and before any call a
room's places are folded per account.
"""

from __future__ import annotations

import pytest

from sync.errors import Failure, PlatformError
from tests.doubles.platform import Action, Lost, Outcome
from tests.interleavings.told import Event, Told, shown
from tests.road import Road

CHAT = "class:5a"


async def school(road: Road) -> Told:
    """A class that Anna is in, with nobody linked; its pupil Boris is, so that there is a chat."""
    told = Told()
    road.knows("1", "2", "3")
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.school("student.enrolled", student_id="boris", class_id="5a")
    told.account("linked", "boris", "3")
    await road.post(told.events)
    await road.converge()
    return told


def removed(road: Road) -> list[int]:
    """The accounts taken out of the class's chat so far, each time that they were."""
    world = road.platform.world
    own = {chat.chat_id for chat in world.chats.values() if chat.title == "5 А"}
    return [who for call in world.calls if call.action == "remove" and call.chat_id in own for who in call.user_ids]


# (a) one person, two accounts


class Meanwhile:
    """Something is told while the first call of a name is on its way: before it lands, or after."""

    def __init__(self, road: Road, name: str, events: list[Event]) -> None:
        self.road, self.name, self.events = road, name, events

    async def __call__(self, action: Action) -> None:
        if action.name == self.name and self.events:
            told, self.events = self.events, []
            await self.road.post(told)
            await self.road.plan()


ANSWERS: dict[str, Outcome] = {
    "heard": None,
    "lost on the way there": Lost.BEFORE,
    "lost on the way back": Lost.AFTER,
    "refused for now": PlatformError(Failure.RETRY, "later"),
}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("answer", ANSWERS)
async def test_who_links_another_account_while_the_first_is_added_is_in_by_the_new_one_alone(
    road: Road, moment: str, answer: str
) -> None:
    told = await school(road)
    await road.post([told.account("linked", "anna", "1")])
    await road.plan()
    setattr(road.platform, moment, Meanwhile(road, "add_members", [told.account("linked", "anna", "2")]))
    road.platform.outcomes.append(ANSWERS[answer])
    road.clock.turn(seconds=1)
    await road.settle()
    await road.converge()
    assert (await shown(road))[CHAT] == {"2": "member", "3": "member"}
    assert await road.unsettled() == []


async def test_who_links_another_account_while_the_first_is_removed_is_in_by_the_new_one(road: Road) -> None:
    told = await school(road)
    await road.post([told.account("linked", "anna", "1")])
    await road.converge()
    await road.post([told.account("unlinked", "anna")])
    await road.plan()
    road.platform.before = Meanwhile(road, "remove_member", [told.account("linked", "anna", "2")])
    await road.converge()
    assert (await shown(road))[CHAT] == {"2": "member", "3": "member"}


async def test_who_links_the_same_account_again_while_it_is_removed_is_in(road: Road) -> None:
    told = await school(road)
    await road.post([told.account("linked", "anna", "1")])
    await road.converge()
    await road.post([told.account("unlinked", "anna")])
    await road.plan()
    road.platform.before = Meanwhile(road, "remove_member", [told.account("linked", "anna", "1")])
    await road.converge()
    assert (await shown(road))[CHAT] == {"1": "member", "3": "member"}


# (b) one account, two persons


async def shared(road: Road, told: Told) -> None:
    """Anna and Vera of the same class have linked one account; Anna was first and holds it."""
    await road.post(
        [
            told.school("student.enrolled", student_id="vera", class_id="5a"),
            told.account("linked", "anna", "1"),
            told.account("linked", "vera", "1"),
        ]
    )
    await road.converge()


async def test_an_account_that_passes_to_another_of_the_same_chat_stays_and_nobody_is_called_about(road: Road) -> None:
    told = await school(road)
    await shared(road, told)
    await road.post([told.account("unlinked", "anna")])
    await road.converge()
    assert (await shown(road))[CHAT] == {"1": "member", "3": "member"}
    assert removed(road) == []
    assert await road.unsettled() == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_account_that_passes_on_while_it_is_added_is_in_for_the_other(
    road: Road, moment: str, answer: str
) -> None:
    told = await school(road)
    enrolled = told.school("student.enrolled", student_id="vera", class_id="5a")
    await road.post([enrolled, told.account("linked", "anna", "1"), told.account("linked", "vera", "1")])
    await road.plan()
    setattr(road.platform, moment, Meanwhile(road, "add_members", [told.account("unlinked", "anna")]))
    road.platform.outcomes.append(ANSWERS[answer])
    road.clock.turn(seconds=1)
    await road.settle()
    await road.converge()
    assert (await shown(road))[CHAT] == {"1": "member", "3": "member"}
    assert removed(road) == []
    assert await road.unsettled() == []


async def test_an_account_that_passes_on_while_it_is_removed_is_back_for_the_other(road: Road) -> None:
    told = await school(road)
    await shared(road, told)
    await road.post(
        [told.school("student.expelled", student_id="vera"), told.school("student.expelled", student_id="anna")]
    )
    await road.plan()
    again = told.school("student.restored", student_id="vera", class_id="5a")
    unlinked = told.account("unlinked", "anna")
    road.platform.before = Meanwhile(road, "remove_member", [again, unlinked])
    await road.converge()
    assert (await shown(road))[CHAT] == {"1": "member", "3": "member"}


async def test_an_account_passed_on_by_an_administrator_has_the_role_of_the_other(road: Road) -> None:
    told = await school(road)
    await road.post(
        [
            told.school("employee.hired", employee_id="nina", position_type="teaching_staff"),
            told.school("class.homeroom_teacher_assigned", class_id="5a", employee_id="nina"),
            told.account("linked", "nina", "1"),
            told.account("linked", "anna", "1"),
        ]
    )
    await road.converge()
    assert (await shown(road))[CHAT] == {"1": "admin", "3": "member"}
    await road.post([told.account("unlinked", "nina")])
    await road.converge()
    assert (await shown(road))[CHAT] == {"1": "member", "3": "member"}
    assert removed(road) == []
