"""What every store keeps to while people link: one request a person, locked while it is looked at."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.database.prune import Prune
from adapters.database.store import Database
from sync.ids import AccountId, OrganisationId, PersonId
from sync.linking.limits import DAY
from sync.linking.request import Asking, Code, Phase, Request, Way
from sync.linking.sealed import Sealed, SealedPhone
from sync.linking.sign_in import SignIn
from sync.ports.linking import LinkedPhone
from tests.road import START

ANNA, BORIS = PersonId("anna"), PersonId("boris")
PHONE = SealedPhone("k:digest", Sealed("k", b"\x00\xff box"))


def request(number: int = 7, person: PersonId = ANNA, at: datetime = START, account: str | None = None) -> Request:
    return Request(
        number,
        person,
        OrganisationId("s1"),
        "sis",
        Way.CODE,
        Phase.CONTACT,
        PHONE,
        f"start-{number}",
        at,
        None if account is None else AccountId(account),
        Code(at, known=False, sends=2, tries=3, of_platform="r1", digest="k:code"),
    )


async def write(store: Database, asking: Asking) -> None:
    async with store.linking() as tx:
        await tx.requests.write(asking)


async def asking(store: Database, person: PersonId = ANNA) -> Asking:
    async with store.linking() as tx:
        return await tx.requests.asking(person)


async def test_nothing_is_kept_of_who_never_asked(store: Database) -> None:
    assert await asking(store) == Asking(ANNA)
    async with store.reading_links() as rows:
        assert await rows.request(BORIS) is None


async def test_what_was_written_is_read_and_found(store: Database) -> None:
    written = Asking(ANNA, (START, START + timedelta(microseconds=1)), request(account="1"))
    await write(store, written)
    assert await asking(store) == written
    async with store.linking() as tx:
        assert await tx.requests.by_number(7) == await tx.requests.by_start("start-7") == written.request
        assert await tx.requests.of_account(AccountId("1")) == [written.request]
        assert await tx.requests.by_number(8) is await tx.requests.by_start("") is None
        assert await tx.requests.of_account(AccountId("2")) == []


async def test_the_last_asked_of_an_account_comes_first(store: Database) -> None:
    older, newer = request(1, account="1"), request(2, BORIS, START + DAY, account="1")
    for each in (older, newer):
        await write(store, Asking(each.person_id, (), each))
    async with store.linking() as tx:
        assert await tx.requests.of_account(AccountId("1")) == [newer, older]


async def test_a_request_that_another_took_the_place_of_is_not_written(store: Database) -> None:
    await write(store, Asking(ANNA, (START,), request(8)))
    async with store.linking() as tx:
        await tx.requests.write_request(request(7).came_to(Phase.DECLINED))
        await tx.requests.write_request(request(8).came_to(Phase.HELD))
    assert await asking(store) == Asking(ANNA, (START,), request(8).came_to(Phase.HELD))


async def test_of_two_who_look_the_second_waits_for_the_first(store: Database) -> None:
    await write(store, Asking(ANNA, (START,)))
    looked = asyncio.Event()

    async def first() -> None:
        async with store.linking() as tx:
            found = await tx.requests.asking(ANNA)
            looked.set()
            await asyncio.sleep(0.1)
            await tx.requests.write(replace(found, request=request()))

    async def second() -> Request | None:
        await looked.wait()
        async with store.linking() as tx:
            return (await tx.requests.asking(ANNA)).request

    _, found = await asyncio.gather(first(), second())
    assert found == request()


async def test_failures_of_an_issuer_are_kept_and_replaced(store: Database) -> None:
    async with store.linking() as tx:
        assert await tx.failures.of("sis") == ()
        await tx.failures.write("sis", (START,))
        assert (await tx.failures.of("sis"), await tx.failures.of("other")) == ((START,), ())
        await tx.failures.write("sis", ())
        assert await tx.failures.of("sis") == ()


async def test_a_phone_is_kept_found_and_erased(store: Database) -> None:
    kept = LinkedPhone(ANNA, "max", AccountId("1"), PHONE)
    async with store.linking() as tx:
        await tx.phones.keep(replace(kept, account=AccountId("2")))
        await tx.phones.keep(kept)
        await tx.phones.keep(replace(kept, provider="vk_id"))
    async with store.reading_links() as rows:
        assert await rows.phone(ANNA, "max") == kept
        assert await rows.with_phone(["k:digest", "other"]) == [kept, replace(kept, provider="vk_id")]
        assert await rows.phone(BORIS, "max") is None
    async with store.linking() as tx:
        await tx.phones.erase(ANNA, "max")
    async with store.reading_links() as rows:
        assert await rows.with_phone(["k:digest"]) == [replace(kept, provider="vk_id")]


async def test_a_session_has_one_sign_in(store: Database) -> None:
    first = SignIn("k:s", ANNA, OrganisationId("s1"), START, "k:state", Sealed("k", b"\x00"))
    second = replace(first, since=START + DAY, account=AccountId("1"))
    async with store.linking() as tx:
        await tx.sign_ins.write(first)
        await tx.sign_ins.write(second)
        assert (await tx.sign_ins.of("k:s"), await tx.sign_ins.of("k:other")) == (second, None)
        await tx.sign_ins.erase("k:s")
        assert await tx.sign_ins.of("k:s") is None


@pytest.mark.parametrize("again", [True, False])
async def test_what_is_written_again_meanwhile_is_not_pruned(store: Database, again: bool) -> None:
    """It was over when it was chosen, and is not once the row is free."""
    old = SignIn("k:s", ANNA, OrganisationId("s1"), START, "k:state", Sealed("k", b"\x00"))
    await write(store, Asking(ANNA, (), request()))
    async with store.linking() as tx:
        await tx.sign_ins.write(old)
    now = START + 2 * DAY
    prune = Prune(store, 400 * DAY, 90 * DAY, 400 * DAY, told=False)
    async with store.linking() as tx:
        found = await tx.requests.asking(ANNA)
        await tx.sign_ins.of("k:s")
        pruning = asyncio.create_task(prune.some(now))
        await asyncio.sleep(0.2)
        if again:
            await tx.requests.write(replace(found, request=request(8, at=now)))
            await tx.sign_ins.write(replace(old, since=now))
    assert await pruning == (0 if again else 2)
    async with store.linking() as tx:
        assert (await tx.sign_ins.of("k:s") is None, (await tx.requests.asking(ANNA)).request is None) == (
            not again,
            not again,
        )
