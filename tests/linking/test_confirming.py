"""Asking for confirmation: the number typed is the number in MAX, and who was asked answers."""

from __future__ import annotations

import asyncio

import pytest

from sync.errors import Failure
from sync.ids import AccountId
from sync.linking import texts
from sync.linking.limits import ANSWERS_IN_S, FAILURES_AN_HOUR, NUMBERS_A_DAY
from sync.linking.outcomes import (
    AlreadyRequested,
    Declined,
    HeldByAnother,
    Linked,
    NotLinked,
    NotMatched,
    Requested,
    TooManyTries,
    Unavailable,
    WrongFormat,
)
from tests.linking.conftest import ANNA, BORIS, OTHER, PHONE, School


async def asked(school: School, phone: str = PHONE, account: str = "7") -> int:
    """The number of a request that was sent."""
    school.bot.numbers[phone] = account
    assert isinstance(await school.linking.ask_confirmation(school.visitor(), phone), Requested)
    return school.bot.asked[-1][2]


async def test_who_confirms_is_linked_and_joins(school: School) -> None:
    school.road.knows("7")
    request_no = await asked(school)
    assert school.bot.asked == [("7", texts.question("Аграфена", "Планктонова", "Школа № 1"), request_no)]
    standing = await school.linking.standing(ANNA, school.visitor().organisation_id, "max")
    assert isinstance(standing.step, Requested)
    assert (standing.chats_waiting, standing.elsewhere, standing.step.deep_link) == (1, None, None)
    await school.press("7", request_no)
    assert school.bot.answered[-1][1] == texts.LINKED
    assert await school.step() == Linked(AccountId("7"), PHONE)
    await school.road.converge()
    assert (await school.road.members())["class:5a"] == {"7": "member"}


def test_the_question_names_no_more_than_it_may() -> None:
    assert texts.question("Анна", "Иванова", "Школа № 1") == (
        "Анна И., Школа № 1: привязать учебный аккаунт к учетной записи в «Электронной школе»? Проверьте свои данные."
    )


async def test_a_wrong_format_sends_nothing_and_is_told_at_once(school: School) -> None:
    began = school.road.clock.at
    assert await school.linking.ask_confirmation(school.visitor(), "+380441234567") == WrongFormat()
    assert (school.bot.resolved, school.road.clock.at) == ([], began)


async def test_unknown_and_another_number_get_one_message_in_one_time(school: School) -> None:
    """Whatever the answer is, and however long MAX takes for it."""
    school.bot.numbers[PHONE] = "7"
    clock, spent = school.road.clock, []
    for phone in (PHONE, OTHER, "+79000000001"):
        began = clock.monotonic()
        await school.linking.ask_confirmation(school.visitor(), phone)
        spent.append(clock.monotonic() - began)
    assert spent == [ANSWERS_IN_S] * 3
    assert await school.step() == NotMatched()


async def test_an_answer_slower_than_the_step_takes_whole_steps(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = school.bot.resolve

    async def resolve(phone: str) -> object:
        school.road.clock.turn(seconds=2.5)
        return await slow(phone)

    monkeypatch.setattr(school.bot, "resolve", resolve)
    began = school.road.clock.monotonic()
    assert await school.linking.ask_confirmation(school.visitor(), PHONE) == NotMatched()
    assert school.road.clock.monotonic() - began == 2 * ANSWERS_IN_S


async def test_pressing_again_within_ten_minutes_sends_nothing(school: School) -> None:
    request_no = await asked(school)
    school.road.clock.turn(minutes=9)
    again = await school.linking.ask_confirmation(school.visitor(), "+7 (900) 123-45-67")
    assert isinstance(again, AlreadyRequested)
    assert len(school.bot.asked) == 1
    school.road.clock.turn(minutes=2)
    assert isinstance(await school.linking.ask_confirmation(school.visitor(), PHONE), Requested)
    assert [number for *_, number in school.bot.asked] == [request_no, request_no]  # either message answers it


async def test_two_presses_at_once_make_one_request(school: School) -> None:
    school.bot.numbers[PHONE] = "7"
    both = await asyncio.gather(*(school.linking.ask_confirmation(school.visitor(), PHONE) for _ in range(2)))
    assert {type(each) for each in both} == {Requested, AlreadyRequested}
    assert len(school.bot.asked) == 1


async def test_another_number_cancels_the_first(school: School) -> None:
    first = await asked(school)
    second = await asked(school, OTHER, "8")
    await school.press("7", first)
    assert (await school.account(), school.bot.answered[-1][1]) == (None, texts.OVER)
    await school.press("8", second)
    assert await school.step() == Linked(AccountId("8"), OTHER)


async def test_after_a_day_a_request_is_over(school: School) -> None:
    request_no = await asked(school)
    school.road.clock.turn(hours=24)
    assert await school.step() == NotLinked()
    await school.press("7", request_no)
    assert await school.account() is None


async def test_declined_is_said_and_the_form_is_there_again(school: School) -> None:
    await school.press("7", await asked(school), yes=False)
    assert (await school.step(), await school.account()) == (Declined(), None)
    assert isinstance(await school.linking.ask_confirmation(school.visitor(), PHONE), Requested)


async def test_what_was_declined_is_not_confirmed_afterwards(school: School) -> None:
    request_no = await asked(school)
    await school.press("7", request_no, yes=False)
    await school.press("7", request_no)
    assert (await school.step(), await school.account()) == (Declined(), None)


async def test_another_users_press_changes_nothing(school: School) -> None:
    request_no = await asked(school)
    for yes in (True, False):
        await school.press("8", request_no, yes=yes)
    assert isinstance(await school.step(), Requested)
    assert (await school.account(), school.bot.answered) == (None, [])


async def test_a_press_told_again_links_nobody_again(school: School) -> None:
    request_no = await asked(school)
    await school.press("7", request_no)
    await school.press("7", request_no)
    assert [text for _, text in school.bot.answered] == [texts.LINKED] * 2
    await school.linking.unlink(ANNA, "max")
    await school.press("7", request_no)
    assert (await school.account(), await school.step()) == (None, NotLinked())


async def test_a_sixth_number_a_day_goes_nowhere(school: School) -> None:
    for number in range(NUMBERS_A_DAY):
        assert await school.linking.ask_confirmation(school.visitor(), f"+7900000000{number}") == NotMatched()
    school.bot.numbers[PHONE] = "7"
    assert await school.linking.ask_confirmation(school.visitor(), PHONE) == TooManyTries()
    assert PHONE not in school.bot.resolved
    assert await school.linking.ask_confirmation(school.visitor(BORIS), OTHER) == NotMatched()
    school.road.clock.turn(hours=24)
    assert isinstance(await school.linking.ask_confirmation(school.visitor(), PHONE), Requested)


async def test_twenty_failures_an_hour_stop_everybody_of_one_system(school: School) -> None:
    people = (f"p{number}" for number in range(FAILURES_AN_HOUR))
    for person in people:
        assert await school.linking.ask_confirmation(school.visitor(person), OTHER) == NotMatched()
    school.bot.numbers[PHONE] = "7"
    assert await school.linking.ask_confirmation(school.visitor(), PHONE) == TooManyTries()
    elsewhere = school.visitor(issuer="another sis")
    assert isinstance(await school.linking.ask_confirmation(elsewhere, PHONE), Requested)
    school.road.clock.turn(hours=1)
    assert isinstance(await school.linking.ask_confirmation(school.visitor(BORIS), PHONE), Requested)


async def test_numbers_that_match_stop_nobody_else(school: School) -> None:
    for number in range(FAILURES_AN_HOUR + 1):
        phone = f"+79000000{number:03}"
        school.bot.numbers[phone] = str(100 + number)
        assert isinstance(await school.linking.ask_confirmation(school.visitor(f"p{number}"), phone), Requested)


async def test_of_many_failures_at_once_no_more_are_told_than_may_be(school: School) -> None:
    people = [school.visitor(f"p{number}") for number in range(FAILURES_AN_HOUR + 5)]
    told = await asyncio.gather(*(school.linking.ask_confirmation(person, OTHER) for person in people))
    assert [type(each) for each in told].count(NotMatched) == FAILURES_AN_HOUR


async def test_an_account_of_somebody_else_is_not_asked_about(school: School) -> None:
    await school.sis_links(BORIS, "7")
    school.bot.numbers[PHONE] = "7"
    assert await school.linking.ask_confirmation(school.visitor(), PHONE) == HeldByAnother()
    assert (school.bot.asked, await school.step()) == ([], HeldByAnother())


async def test_whoever_proves_an_account_that_is_held_waits_for_it(school: School) -> None:
    """Somebody else was quicker: the account is said to be theirs, too, and is once the other lets go."""
    request_no = await asked(school)
    await school.sis_links(BORIS, "7")
    school.road.clock.turn(seconds=1)
    await school.press("7", request_no)
    assert (school.bot.answered[-1][1], await school.step()) == (texts.HELD, HeldByAnother())
    school.road.clock.turn(seconds=1)
    await school.sis_links(BORIS, None)
    assert await school.step() == Linked(AccountId("7"), PHONE)


async def test_of_who_left_every_school_an_account_can_be_proven(school: School) -> None:
    await school.sis_links(BORIS, "7")
    await school.told(("school.student.expelled", {"organisation_id": "s1", "student_id": BORIS}))
    assert await asked(school)


@pytest.mark.parametrize("call", ["resolve", "ask"])
@pytest.mark.parametrize("failure", [Failure.BUSY, Failure.RETRY, Failure.CREDENTIALS])
async def test_a_platform_that_is_away_costs_no_try(school: School, call: str, failure: Failure) -> None:
    school.bot.numbers[PHONE] = "7"
    for _ in range(NUMBERS_A_DAY + 1):
        school.bot.fails[call] = failure
        assert await school.linking.ask_confirmation(school.visitor(), PHONE) == Unavailable()
    assert await school.step() == NotLinked()
    assert isinstance(await school.linking.ask_confirmation(school.visitor(), PHONE), Requested)


@pytest.mark.parametrize("failure", [Failure.REFUSED, Failure.NEEDS_PERSON])
async def test_who_cannot_be_written_to_is_as_good_as_unknown(school: School, failure: Failure) -> None:
    school.bot.numbers[PHONE] = "7"
    school.bot.fails["ask"] = failure
    assert await school.linking.ask_confirmation(school.visitor(), PHONE) == NotMatched()


async def test_a_question_whose_answer_is_lost_may_be_pressed(school: School) -> None:
    school.bot.numbers[PHONE] = "7"
    school.bot.fails["ask"] = Failure.UNCONFIRMED
    assert isinstance(await school.linking.ask_confirmation(school.visitor(), PHONE), Requested)
    await school.press("7", 1)  # the first number that chance gave
    assert await school.account() == "7"


async def test_who_is_linked_is_not_asked(school: School) -> None:
    await school.sis_links(ANNA, "7")
    assert await school.linking.ask_confirmation(school.visitor(), PHONE) == Linked(AccountId("7"), None)
    assert school.bot.resolved == []


async def test_whom_no_school_told_of_yet_links_as_well(school: School) -> None:
    school.bot.numbers[PHONE] = "7"
    await school.linking.ask_confirmation(school.visitor("new"), PHONE)
    await school.press("7", school.bot.asked[-1][2])
    assert await school.step("new") == Linked(AccountId("7"), PHONE)


async def test_a_link_of_the_other_provider_is_told(school: School) -> None:
    await school.sis_links(ANNA, "7", "vk_id")
    standing = await school.linking.standing(ANNA, school.visitor().organisation_id, "max")
    assert (standing.step, standing.elsewhere, standing.chats_waiting) == (NotLinked(), "vk_id", 1)
