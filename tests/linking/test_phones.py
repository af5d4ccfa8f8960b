"""Which numbers are taken, how they are shown, and how long they are kept."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.database.prune import Prune
from adapters.database.schema import link_failures, link_requests, phones, sign_ins
from sync.ids import AccountId
from sync.linking.limits import DAY
from sync.linking.outcomes import Linked, NotLinked
from sync.linking.phones import masked, phone_of, whole
from tests.linking.conftest import ANNA, BORIS, OTHER, PHONE, School


@pytest.mark.parametrize(
    "typed",
    [PHONE, "+7 (900) 123-45-67", "+7(900)123\u201345\u201467", " +7\u00a0900 123\u201145 67\n", "(+7)900-123-45-67"],
)
def test_spaces_dashes_and_brackets_do_not_matter(typed: str) -> None:
    assert phone_of(typed) == PHONE


@pytest.mark.parametrize(
    "typed",
    [
        "", "+", "89001234567", "79001234567", "9001234567", "+7900123456", "+790012345678", "+78001234567",
        "+380441234567", "+7900123456a", "+7900.123.45.67", "+7[900]1234567", "+7９００1234567", "＋79001234567",
        "+7900123456٧", "+79001234567;", "++79001234567",
    ],
)  # fmt: skip
def test_everything_else_is_another_format(typed: str) -> None:
    assert phone_of(typed) is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 999_999_999), st.text(" -()\u00a0\u2014", max_size=12), st.integers(0, 12))
def test_wherever_they_stand(number: int, idle: str, at: int) -> None:
    phone = f"+79{number:09}"
    assert phone_of(phone[:at] + idle + phone[at:]) == phone


def test_its_owner_sees_it_whole_and_nobody_else() -> None:
    assert (whole(PHONE), masked(PHONE)) == ("+7(900) 123-45-67", "+7(900) 123-••-67")


async def linked(school: School, person: str = ANNA, phone: str = PHONE, account: str = "7") -> None:
    school.bot.numbers[phone] = account
    await school.linking.ask_confirmation(school.visitor(person), phone)
    await school.press(account, school.bot.asked[-1][2])
    assert await school.step(person) == Linked(AccountId(account), phone)


async def kept(school: School) -> list[object]:
    """Every phone in the database, sealed as it is."""
    async with school.road.database.reading() as connection:
        of_links = await connection.execute(select(phones.c.phone))
        asked = await connection.execute(select(link_requests.c.phone).where(link_requests.c.phone.is_not(None)))
        return [*of_links.scalars(), *asked.scalars()]


async def test_unlinked_on_the_page_it_is_forgotten(school: School) -> None:
    await linked(school)
    await school.linking.unlink(ANNA, "max")
    assert (await kept(school), await school.step()) == ([], NotLinked())


async def test_unlinked_by_an_event_it_is_forgotten(school: School) -> None:
    await linked(school)
    school.road.clock.turn(seconds=1)
    await school.sis_links(ANNA, None)
    assert await kept(school) == []


async def test_linked_to_another_account_by_an_event_it_is_forgotten(school: School) -> None:
    await linked(school)
    await linked(school, BORIS, OTHER, "8")
    school.road.clock.turn(seconds=1)
    await school.sis_links(ANNA, "9")
    assert (await school.step(), len(await kept(school))) == (Linked(AccountId("9"), None), 2)


async def test_an_event_that_holds_nothing_forgets_nothing(school: School) -> None:
    await linked(school)
    school.road.clock.turn(seconds=-60)
    await school.sis_links(ANNA, None)
    assert await school.step() == Linked(AccountId("7"), PHONE)


async def test_of_what_is_over_nothing_is_kept(school: School) -> None:
    school.bot.numbers[PHONE] = "7"
    await school.linking.ask_confirmation(school.visitor(), PHONE)
    await school.linking.begin_vk_id(school.visitor())
    prune = Prune(school.road.database, 400 * DAY, 90 * DAY, 400 * DAY, told=False)
    assert await prune.some(school.road.clock.now()) == 0
    school.road.clock.turn(days=1, seconds=3)
    assert await prune.some(school.road.clock.now()) == 2
    async with school.road.database.reading() as connection:
        for table in (link_requests, sign_ins, phones, link_failures):
            left = [tuple(row)[1:] for row in await connection.execute(select(table))]
            assert left in ([], [([],)])
