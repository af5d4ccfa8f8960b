"""A chat that a person made becomes a school's: by a code, once, and only for whom it is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from adapters.database.schema import adoption_codes
from sync.adoption import Verdict, codes_in, new_code
from tests.adoption.conftest import PARENT, PUPIL, STRANGER, TEACHER, Town

CLASS, PARENTS = "class:k", "parents:k"


async def test_before_it_is_adopted_a_chat_waits_for_a_person_and_says_so(town: Town) -> None:
    assert await town.needs_person() == {CLASS: "to_adopt", PARENTS: "to_adopt"}
    assert await town.chat_state(CLASS) == "to_adopt"
    assert await town.states(CLASS) == {"t": "waiting", "p": "waiting"}


async def test_a_chat_whose_administrator_posts_the_code_is_adopted_named_and_filled(town: Town) -> None:
    chat = await town.makes_chat(TEACHER)
    await town.posts(chat, TEACHER, f"Вот код: {(await town.code(CLASS)).lower()}.")
    await town.rests()
    assert [(each.chat, each.verdict) for each in town.decided] == [(str(chat), Verdict.ADOPTED)]
    assert await town.shown(chat) == {TEACHER: "admin", PUPIL: "member"}
    assert town.running.world.chats[chat].title == "5 А"
    assert await town.needs_person() == {PARENTS: "to_adopt"}
    assert await town.chat_state(CLASS) == "open"
    assert await town.states(CLASS) == {"t": "applied", "p": "applied"}


async def test_after_its_adoption_a_chat_follows_the_roster(town: Town) -> None:
    chat = await town.makes_chat(TEACHER, "наш класс", PUPIL)
    await town.posts(chat, TEACHER, await town.code(CLASS))
    await town.rests()
    await town.tell("school.student.expelled", organisation_id="s", student_id="p")
    await town.tell("school.class.renamed", organisation_id="s", class_id="k", name="6 А")
    await town.rests()
    assert await town.shown(chat) == {TEACHER: "admin"}
    assert town.running.world.chats[chat].title == "6 А"


async def test_strangers_are_left_where_they_are_and_named_until_they_are_gone(town: Town) -> None:
    chat = await town.makes_chat(TEACHER, "наш класс", STRANGER)
    await town.posts(chat, TEACHER, await town.code(CLASS))
    await town.rests()
    assert await town.shown(chat) == {TEACHER: "admin", STRANGER: "member", PUPIL: "member"}
    assert await town.needs_person() == {PARENTS: "to_adopt", CLASS: "strangers"}
    await town.sim(f"/chats/{chat}/leave", user_id=STRANGER)
    await town.rests()
    assert await town.needs_person() == {PARENTS: "to_adopt"}


async def test_a_stranger_who_turns_out_to_belong_there_is_a_stranger_no_more(town: Town) -> None:
    chat = await town.makes_chat(STRANGER, "наш класс", TEACHER)
    await town.posts(chat, STRANGER, await town.code(CLASS))
    await town.rests()
    assert (await town.needs_person())[CLASS] == "strangers"
    await town.tell("school.employee.hired", organisation_id="s", employee_id="new", position_type="other")
    await town.tell("account.linked", person_id="new", provider="max", external_user_id=str(STRANGER))
    await town.tell("school.class.homeroom_teacher_assigned", organisation_id="s", class_id="k", employee_id="new")
    await town.rests()
    assert await town.shown(chat) == {STRANGER: "admin", PUPIL: "member"}
    assert await town.needs_person() == {PARENTS: "to_adopt"}


async def test_an_owner_who_is_wanted_as_a_member_is_left_and_stops_nobody(town: Town) -> None:
    chat = await town.makes_chat(PARENT)
    await town.posts(chat, PARENT, await town.code(PARENTS))
    await town.rests()
    assert await town.shown(chat) == {PARENT: "admin", TEACHER: "admin"}
    assert await town.states(PARENTS) == {"g": "refused", "t": "applied"}
    assert await town.needs_person() == {CLASS: "to_adopt"}


async def test_a_code_that_has_expired_adopts_nothing(town: Town) -> None:
    chat, code = await town.makes_chat(TEACHER), await town.code(CLASS)
    async with town.app.database.writing() as connection:
        past = town.app.clock.now() - timedelta(seconds=1)
        await connection.execute(update(adoption_codes).values(expires_at=past))
    await town.posts(chat, TEACHER, code)
    await town.rests()
    assert town.decided == []
    assert await town.chat_state(CLASS) == "to_adopt"


async def test_a_chat_that_is_gone_makes_way_for_another(town: Town) -> None:
    chat = await town.makes_chat(TEACHER)
    await town.posts(chat, TEACHER, await town.code(CLASS))
    await town.rests()
    await town.sim(f"/chats/{chat}/delete")
    await town.tell("school.class.renamed", organisation_id="s", class_id="k", name="6 А")
    await town.rests()
    assert (await town.needs_person())[CLASS] == "gone"
    other = await town.makes_chat(TEACHER)
    await town.posts(other, TEACHER, await town.code(CLASS))
    await town.rests()
    assert await town.shown(other) == {TEACHER: "admin", PUPIL: "member"}
    assert await town.chat_state(CLASS) == "open"


async def test_no_code_is_given_where_there_is_nothing_to_adopt(town: Town) -> None:
    assert (await town.ask("POST", "/v1/organisations/s/chats/class%3Anowhere/adoption"))[0] == 404
    assert (await town.ask("POST", "/v1/organisations/s/chats/staff%3As/adoption"))[0] == 409  # nobody is to be in it
    chat = await town.makes_chat(TEACHER)
    await town.posts(chat, TEACHER, await town.code("class%3Ak"))
    await town.rests()
    assert (await town.ask("POST", "/v1/organisations/s/chats/class%3Ak/adoption"))[0] == 409
    assert (
        await town.ask("POST", "/v1/organisations/s/chats/class%3Ak/adoption", headers={"Authorization": "Bearer no"})
    )[0] == 401


def test_a_code_is_found_however_it_is_typed_and_nowhere_else() -> None:
    code = new_code(lambda letters: letters[-1])
    assert code == "RC-9999-9999"
    assert codes_in(f"код «{code.lower()}», спасибо") == {code}
    assert codes_in(f"X{code} {code}9 RC-9999 RC-0000-1111") == frozenset()
