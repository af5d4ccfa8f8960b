"""Who stands where nobody wants them: found by a look or by an update, whatever once was done about them."""

from __future__ import annotations

from sqlalchemy import select

from adapters.database.schema import places, strangers
from sync.updates import CAME
from tests.laws.roads import rows
from tests.looks.conftest import AT_REST, BORIS, OTHER_TEACHER, A, B, School


async def test_1_10_a_teacher_brought_into_another_class_is_taken_out_by_the_next_look(school: School) -> None:
    school.joins(A, OTHER_TEACHER)
    await school.settles()
    assert (await school.shown())[A] == {"1": "member", "3": "admin", "4": "member"}
    await school.looks()
    assert await school.shown() == AT_REST


async def test_1_1_who_was_refused_and_expelled_and_comes_in_by_the_link_is_taken_out(school: School) -> None:
    school.road.knows("5", private=["5"])
    await school.happens("student.enrolled", student_id="vera", class_id="a")
    await school.road.post([school.said.account("linked", "vera", "5")])
    await school.road.converge()
    await school.happens("student.expelled", student_id="vera")
    await school.road.converge()
    school.joins(A, 5)
    await school.looks()
    assert await school.shown() == AT_REST


async def test_who_was_taken_out_and_comes_again_is_taken_out_again_each_time(school: School) -> None:
    await school.happens("student.expelled", student_id="boris")
    await school.road.converge()
    for _ in range(3):
        school.joins(B, BORIS)
        await school.looks()
        assert (await school.shown())[B] == {"4": "admin"}
        school.road.clock.turn(hours=2)
        await school.looks()  # forgets him
    assert [row.person_id for row in await rows(school.road, select(places)) if row.person_id == "boris"] == []


async def test_h33_an_update_about_somebody_nobody_wants_there_is_looked_into_at_once(school: School) -> None:
    school.joins(A, BORIS)
    await school.told(CAME, A, BORIS)
    await school.settles()
    assert await school.shown() == AT_REST


async def test_h37_who_links_and_is_planned_in_after_the_look_stays(school: School) -> None:
    school.joins(A, 77)
    await school.road.look()
    await school.road.settle()  # seen by id; what he is has to be decided
    await school.happens("student.enrolled", student_id="vera", class_id="a")
    await school.road.post([school.said.account("linked", "vera", "77")])
    made = len(school.road.platform.world.calls)
    await school.road.converge()
    assert (await school.shown())[A] == {"1": "member", "3": "admin", "77": "member"}
    assert len(school.road.platform.world.calls) == made
    assert await rows(school.road, select(strangers)) == []


async def test_who_belongs_there_and_is_not_planned_yet_is_not_thrown_out(school: School) -> None:
    """The link is taken in and the look decided upon in one plan."""
    await school.happens("student.enrolled", student_id="vera", class_id="a")
    school.joins(A, 77)
    await school.road.look()
    await school.road.settle()
    await school.road.post([school.said.account("linked", "vera", "77")])
    actions = [call.action for call in school.road.platform.world.calls]
    await school.settles()
    assert (await school.shown())[A] == {"1": "member", "3": "admin", "77": "member"}
    assert [call.action for call in school.road.platform.world.calls] == actions


async def test_an_old_news_of_somebody_who_is_gone_again_makes_no_call(school: School) -> None:
    made = len(school.road.platform.world.calls)
    await school.told(CAME, A, BORIS)
    await school.road.converge()
    assert len(school.road.platform.world.calls) == made
    assert await school.shown() == AT_REST
