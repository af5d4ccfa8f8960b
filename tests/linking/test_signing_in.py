"""VK ID: bound to one session, used once, and nothing linked before «Привязать»."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from yarl import URL

from adapters.database.schema import sign_ins
from sync.errors import Failure
from sync.ids import AccountId
from sync.linking.outcomes import Candidate, Denied, HeldByAnother, Linked, NotLinked, Stale, Unavailable, Visitor
from sync.ports.identity import VkUser
from tests.linking.conftest import ANNA, BORIS, PHONE, School

USER = VkUser(AccountId("70"), "Аграфена", "П", PHONE)


@pytest.fixture
def signing(school: School) -> School:
    school.vk_id.users["code"] = USER
    return school


async def began(school: School, visitor: Visitor | None = None, *, another: bool = False) -> str:
    """The state that the browser takes to VK ID."""
    url = await school.linking.begin_vk_id(visitor or school.visitor(), another=another)
    return URL(url).query["state"]


async def test_signed_in_shown_and_linked(signing: School) -> None:
    shown = await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    assert shown == Candidate("Аграфена", "П", PHONE) == await signing.linking.candidate(signing.visitor())
    assert (await signing.account(provider="vk_id"), signing.vk_id.live) == (None, set())
    assert await signing.linking.confirm_vk_id(signing.visitor()) == Linked(AccountId("70"), PHONE)
    assert await signing.step(provider="vk_id") == Linked(AccountId("70"), PHONE)
    assert await signing.linking.confirm_vk_id(signing.visitor()) == Stale()


async def test_going_back_links_nothing_and_leaves_nothing(signing: School) -> None:
    await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    await signing.linking.cancel_vk_id(signing.visitor())
    assert await signing.linking.confirm_vk_id(signing.visitor()) == Stale()
    assert await signing.step(provider="vk_id") == NotLinked()
    async with signing.road.database.reading() as connection:
        assert (await connection.execute(select(sign_ins))).fetchall() == []


async def test_a_state_of_another_session_is_stale(signing: School) -> None:
    """Whoever lures somebody to the way back of a sign-in of his own links nothing there."""
    stolen = await began(signing, signing.visitor(BORIS))
    assert await signing.linking.end_vk_id(signing.visitor(), stolen, "code", "device") == Stale()
    await began(signing)
    assert await signing.linking.end_vk_id(signing.visitor(), stolen, "code", "device") == Stale()
    assert signing.vk_id.exchanged == 0


async def test_a_state_is_used_once_right_or_wrong(signing: School) -> None:
    state = await began(signing)
    assert await signing.linking.end_vk_id(signing.visitor(), "guessed", "code", "device") == Stale()
    assert await signing.linking.end_vk_id(signing.visitor(), state, "code", "device") == Stale()
    state = await began(signing)
    assert isinstance(await signing.linking.end_vk_id(signing.visitor(), state, "code", "device"), Candidate)
    assert await signing.linking.end_vk_id(signing.visitor(), state, "code", "device") == Stale()


async def test_a_session_that_became_somebody_elses_has_nothing_to_link(signing: School) -> None:
    await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    other = Visitor(BORIS, signing.visitor().organisation_id, "sis", signing.visitor().session)
    assert await signing.linking.candidate(other) == Stale()
    assert await signing.linking.confirm_vk_id(other) == Stale()


@pytest.mark.parametrize("code", ["stale", "used"])
async def test_a_code_that_vk_id_refuses_is_stale(signing: School, code: str) -> None:
    signing.vk_id.users["used"] = USER
    signing.vk_id.used.add("used")
    assert await signing.linking.end_vk_id(signing.visitor(), await began(signing), code, "device") == Stale()


async def test_denied(signing: School) -> None:
    assert await signing.linking.end_vk_id(signing.visitor(), await began(signing), None, None) == Denied()


async def test_vk_id_away(signing: School) -> None:
    signing.vk_id.fails = Failure.BUSY
    outcome = await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    assert outcome == Unavailable()


async def test_each_half_lasts_ten_minutes(signing: School) -> None:
    state = await began(signing)
    signing.road.clock.turn(minutes=10)
    assert await signing.linking.end_vk_id(signing.visitor(), state, "code", "device") == Stale()
    await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    signing.road.clock.turn(minutes=10)
    assert await signing.linking.confirm_vk_id(signing.visitor()) == Stale()


async def test_into_another_account_one_signs_in_anew(signing: School) -> None:
    await began(signing)
    await began(signing, another=True)
    assert signing.vk_id.prompts == [None, "login"]


async def test_an_account_of_somebody_else(signing: School) -> None:
    await signing.sis_links(BORIS, "70", "vk_id")
    signing.road.clock.turn(seconds=1)
    await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    assert await signing.linking.confirm_vk_id(signing.visitor()) == HeldByAnother()
    assert await signing.step(provider="vk_id") == HeldByAnother()


async def test_a_number_that_is_no_mobiles_of_here_is_not_kept(signing: School) -> None:
    signing.vk_id.users["code"] = VkUser(AccountId("70"), "Аграфена", "П", "+380441234567")
    await signing.linking.end_vk_id(signing.visitor(), await began(signing), "code", "device")
    assert await signing.linking.confirm_vk_id(signing.visitor()) == Linked(AccountId("70"), None)
    assert await signing.step(provider="vk_id") == Linked(AccountId("70"), None)
    await signing.linking.unlink(ANNA, "vk_id")
    assert await signing.step(provider="vk_id") == NotLinked()
