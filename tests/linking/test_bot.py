"""Where MAX takes no numbers: the person opens the bot by a link, shares the contact, and answers."""

from __future__ import annotations

import pytest

from sync.errors import Failure, PlatformError
from sync.ids import AccountId
from sync.linking import texts
from sync.linking.outcomes import HeldByAnother, Linked, NotMatched, Requested, Unavailable
from sync.ports.identity import ContactRefused
from tests.linking.conftest import ANNA, BORIS, OTHER, PHONE, School


@pytest.fixture
def shy(school: School) -> School:
    school.bot.by_phone = False
    return school


async def opened(school: School, account: str = "7", phone: str = PHONE) -> str:
    """What the link starts the bot with, which that account did."""
    requested = await school.linking.ask_confirmation(school.visitor(), phone)
    assert isinstance(requested, Requested)
    assert requested.deep_link is not None
    payload = requested.deep_link.partition("?start=")[2]
    await school.start(account, payload)
    return payload


async def test_link_contact_answer(shy: School) -> None:
    await opened(shy)
    assert shy.bot.contacts == ["7"]
    await shy.share("7", PHONE)
    [(account, text, request_no)] = shy.bot.asked
    assert (account, text) == ("7", texts.question("Аграфена", "Планктонова", "Школа № 1"))
    assert isinstance(await shy.step(), Requested)
    await shy.press("7", request_no)
    assert await shy.step() == Linked(AccountId("7"), PHONE)


async def test_another_number_than_was_typed_links_nothing(shy: School) -> None:
    await opened(shy)
    await shy.share("7", OTHER)
    assert (shy.bot.asked, shy.bot.said) == ([], [("7", texts.NOT_MATCHED)])
    assert await shy.step() == NotMatched()
    await shy.share("7", PHONE)
    assert shy.bot.asked == []


async def test_who_did_not_open_the_link_is_not_asked(shy: School) -> None:
    await opened(shy)
    await shy.share("8", PHONE)
    assert shy.bot.asked == []


async def test_the_bots_messages_are_heard_while_a_contact_is_awaited(shy: School) -> None:
    async def awaited() -> bool:
        async with shy.road.database.reading_links() as rows:
            return await rows.awaits_contacts(shy.road.clock.now())

    assert not await awaited()
    await opened(shy)
    assert await awaited()
    await shy.share("7", PHONE)
    assert not await awaited()


async def test_a_link_that_nobody_gave_opens_nothing(shy: School) -> None:
    await shy.start("7", "guessed")
    await shy.start("7", "")
    assert (shy.bot.contacts, shy.bot.said) == ([], [("7", texts.OVER)])


async def test_a_link_of_a_request_that_is_over_opens_nothing(shy: School) -> None:
    payload = await opened(shy)
    shy.road.clock.turn(hours=24)
    await shy.start("8", payload)
    assert shy.bot.contacts == ["7"]


async def test_a_contact_max_does_not_vouch_for_is_asked_for_again(shy: School) -> None:
    await opened(shy)
    await shy.linking.hear("max", ContactRefused("contact 1", AccountId("7")))
    assert (shy.bot.contacts, shy.bot.asked) == (["7", "7"], [])


async def test_an_account_of_somebody_else_is_told_in_the_bot_and_on_the_page(shy: School) -> None:
    await opened(shy)
    await shy.sis_links(BORIS, "7")
    await shy.share("7", PHONE)
    assert (shy.bot.said, await shy.step()) == ([("7", texts.HELD)], HeldByAnother())


async def test_a_number_that_somebody_is_linked_by_is_known(shy: School) -> None:
    await opened(shy)
    await shy.share("7", PHONE)
    await shy.press("7", shy.bot.asked[-1][2])
    assert await shy.linking.ask_confirmation(shy.visitor(BORIS), PHONE) == HeldByAnother()


async def test_a_question_that_could_not_be_put_is_put_when_it_is_told_again(shy: School) -> None:
    await opened(shy)
    shy.bot.fails["ask"] = Failure.BUSY
    with pytest.raises(PlatformError):
        await shy.share("7", PHONE)
    await shy.share("7", PHONE)
    assert len(shy.bot.asked) == 1


async def test_without_the_bots_name_there_is_no_way(shy: School) -> None:
    shy.bot.bot_name = None
    assert await shy.linking.ask_confirmation(shy.visitor(ANNA), PHONE) == Unavailable()
