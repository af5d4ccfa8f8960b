"""One-time codes: MAX's own where it takes numbers, ours where the person has to open the bot."""

from __future__ import annotations

import asyncio

import pytest

from sync.errors import Failure
from sync.ids import AccountId
from sync.linking.limits import CODE_TRIES, NUMBERS_A_DAY
from sync.linking.outcomes import (
    CodeExpired,
    CodeSent,
    CodeWrong,
    Linked,
    NothingOpen,
    Requested,
    TooManyTries,
    TooSoon,
    Unavailable,
    WrongFormat,
)
from tests.linking.conftest import OTHER, PHONE, School


async def sent(school: School, phone: str = PHONE) -> CodeSent:
    outcome = await school.linking.send_code(school.visitor(), phone)
    assert isinstance(outcome, CodeSent), outcome
    return outcome


async def test_the_right_code_links(school: School) -> None:
    school.bot.numbers[PHONE] = "7"
    assert await sent(school) == await school.step()
    code = school.bot.code_of(PHONE)
    assert await school.linking.check_code(school.visitor(), f" {code[:3]} {code[3:]}") == Linked(AccountId("7"), PHONE)
    assert (await school.step(), await school.account()) == (Linked(AccountId("7"), PHONE), "7")


async def test_a_number_new_to_max_is_registered_by_its_code(school: School) -> None:
    assert not (await sent(school)).known
    assert isinstance(await school.linking.check_code(school.visitor(), school.bot.code_of(PHONE)), Linked)
    assert await school.account() == school.bot.numbers[PHONE]


async def test_codes_are_guessed_five_times_and_no_more(school: School) -> None:
    await sent(school)
    told = [await school.linking.check_code(school.visitor(), "000000") for _ in range(CODE_TRIES + 1)]
    assert told == [CodeWrong(4), CodeWrong(3), CodeWrong(2), CodeWrong(1), TooManyTries(), TooManyTries()]
    right = school.bot.code_of(PHONE)
    assert await school.linking.check_code(school.visitor(), right) == TooManyTries()
    assert await school.linking.send_code(school.visitor(), PHONE) == TooManyTries()
    assert await school.linking.resend_code(school.visitor()) == TooManyTries()
    assert (school.bot.checked, await school.account(), await school.step()) == (CODE_TRIES, None, TooManyTries())


async def test_of_many_guesses_at_once_no_more_are_looked_at(school: School) -> None:
    await sent(school)
    await asyncio.gather(*(school.linking.check_code(school.visitor(), f"{guess:06}") for guess in range(20)))
    assert school.bot.checked == CODE_TRIES


async def test_sending_again_gives_no_further_guesses(school: School) -> None:
    await sent(school)
    assert await school.linking.check_code(school.visitor(), "000000") == CodeWrong(4)
    school.road.clock.turn(seconds=60)
    again = await school.linking.resend_code(school.visitor())
    assert isinstance(again, CodeSent)
    assert again.tries_left == 4


async def test_a_code_is_good_for_ten_minutes(school: School) -> None:
    outcome = await sent(school)
    school.road.clock.at = outcome.until
    assert await school.linking.check_code(school.visitor(), school.bot.code_of(PHONE)) == CodeExpired()
    assert await school.step() == CodeExpired()


async def test_sent_again_after_a_minute_and_three_times_at_most(school: School) -> None:
    first = await sent(school)
    assert await school.linking.resend_code(school.visitor()) == TooSoon(first)
    assert await school.linking.send_code(school.visitor(), PHONE) == TooSoon(first)
    offered = []
    for _ in range(3):
        school.road.clock.turn(seconds=60)
        again = await school.linking.resend_code(school.visitor())
        assert isinstance(again, CodeSent)
        offered.append(again.resend_at is not None)
    assert offered == [True, True, False]
    school.road.clock.turn(seconds=60)
    assert await school.linking.resend_code(school.visitor()) == TooManyTries()
    assert len(school.bot.codes) == 4
    assert isinstance(await school.linking.check_code(school.visitor(), school.bot.code_of(PHONE)), Linked)


async def test_the_code_before_the_last_is_void(school: School) -> None:
    await sent(school)
    before = school.bot.code_of(PHONE)
    school.road.clock.turn(seconds=60)
    await school.linking.resend_code(school.visitor())
    assert await school.linking.check_code(school.visitor(), before) == CodeWrong(4)


async def test_another_number_starts_anew(school: School) -> None:
    await sent(school)
    await school.linking.check_code(school.visitor(), "000000")
    assert (await sent(school, OTHER)).tries_left == CODE_TRIES
    assert await school.linking.check_code(school.visitor(), school.bot.code_of(PHONE)) == CodeWrong(4)


async def test_every_start_is_a_number_of_the_day(school: School) -> None:
    for number in range(NUMBERS_A_DAY):
        await sent(school, (PHONE, OTHER)[number % 2])
    assert await school.linking.send_code(school.visitor(), OTHER if NUMBERS_A_DAY % 2 else PHONE) == TooManyTries()


async def test_without_a_code_there_is_nothing_to_check(school: School) -> None:
    assert await school.linking.check_code(school.visitor(), "123456") == NothingOpen()
    assert await school.linking.resend_code(school.visitor()) == NothingOpen()
    assert await school.linking.send_code(school.visitor(), "89001234567") == WrongFormat()


async def test_a_platform_that_is_away_costs_no_guess(school: School) -> None:
    await sent(school)
    for _ in range(CODE_TRIES + 1):
        school.bot.fails["check_code"] = Failure.BUSY
        assert await school.linking.check_code(school.visitor(), "000000") == Unavailable()
    school.road.clock.turn(seconds=60)
    school.bot.fails["send_code"] = Failure.RETRY
    assert await school.linking.resend_code(school.visitor()) == Unavailable()
    assert isinstance(await school.linking.resend_code(school.visitor()), CodeSent)
    assert isinstance(await school.linking.check_code(school.visitor(), school.bot.code_of(PHONE)), Linked)


@pytest.mark.parametrize("typed", ["", "12345a", "１２３４５６", "1234567"])
async def test_what_is_no_code_is_a_wrong_one(school: School, typed: str) -> None:
    await sent(school)
    assert await school.linking.check_code(school.visitor(), typed) == CodeWrong(4)
    assert school.bot.checked == 0


async def test_where_max_takes_no_numbers_the_bot_sends_a_code_of_ours(school: School) -> None:
    school.bot.by_phone = False
    requested = await school.linking.send_code(school.visitor(), PHONE)
    assert isinstance(requested, Requested)
    assert requested.deep_link is not None
    await school.start("7", requested.deep_link.partition("?start=")[2])
    await school.share("7", PHONE)
    [code] = school.chance.codes
    assert isinstance(await school.step(), CodeSent)
    assert [account for account, text in school.bot.said if code in text] == ["7"]
    assert await school.linking.check_code(school.visitor(), "999999") == CodeWrong(4)
    school.road.clock.turn(seconds=60)
    assert isinstance(await school.linking.resend_code(school.visitor()), CodeSent)
    assert await school.linking.check_code(school.visitor(), code) == CodeWrong(3)
    assert await school.linking.check_code(school.visitor(), school.chance.codes[-1]) == Linked(AccountId("7"), PHONE)
