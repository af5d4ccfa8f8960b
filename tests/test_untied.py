"""Who holds an account and has left every school blocks nobody: we say that it is theirs no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.audit import latest_entries
from adapters.database.schema import account_assertions, inbox
from adapters.database.tokens import Wanted, create_token
from sync.ids import OrganisationId
from sync.use_cases.reconcile_schools import reconcile_schools
from tests.interleavings.told import Event, Told, shown
from tests.road import START, Road

LONG_AGO = START - timedelta(days=300)


@pytest.fixture
async def told(road: Road) -> Told:
    """Vera was Anna at the school before, and brings her account along; Elena teaches at both."""
    said = Told()
    road.knows("1", "2", "9")
    for school in ("former", "school"):
        said.school("organisation.registered", school, name="Школа")
        said.school("class.opened", school, class_id=f"{school}-5", name="5", school_year="2026/2027")
    said.account("linked", "anna", "1", at=LONG_AGO)
    said.school("student.enrolled", "former", student_id="anna", class_id="former-5", at=LONG_AGO)
    await road.post(said.events)
    await road.converge()
    return said


def expelled(told: Told, **more: Any) -> Event:
    return told.school("student.expelled", "former", student_id="anna", **more)


def enrolled(told: Told) -> Event:
    return told.school("student.enrolled", student_id="vera", class_id="school-5")


async def goes_on(road: Road) -> list[str]:
    """What is due is planned and seen to, until nothing is; gives who was unlinked."""
    unlinked: list[str] = []
    for _ in range(5):
        await road.converge()
        said = await road.unlink()
        unlinked += said
        if not said:
            return unlinked
    raise AssertionError("it does not come to rest")


async def said_by_us(road: Road) -> list[Any]:
    async with road.database.reading() as connection:
        ours = select(inbox).where(inbox.c.source.like("rollcall%")).order_by(inbox.c.no)
        return list(await connection.execute(ours))


@pytest.mark.parametrize("order", ["leaves, comes, links", "links, comes, leaves", "links, leaves, comes"])
async def test_an_account_of_who_left_goes_to_whoever_is_tied(road: Road, told: Told, order: str) -> None:
    does: dict[str, Callable[[Told], Event]] = {
        "leaves": expelled,
        "comes": enrolled,
        "links": lambda t: t.account("linked", "vera", "1"),
    }
    for deed in order.split(", "):
        await road.post([does[deed](told)])
        unlinked = await goes_on(road)
    if deed == "leaves":  # she waits already: the night serves her
        assert unlinked == []
        await a_night_goes_by(road)
        unlinked = await goes_on(road)
    assert unlinked == ["anna"]
    assert (await shown(road))["class:school-5"] == {"1": "member"}
    [event] = await said_by_us(road)
    assert (event.source, event.type, event.outcome) == ("rollcall", "account.unlinked.v1", "applied")
    await a_night_goes_by(road)
    assert await goes_on(road) == []


async def a_night_goes_by(road: Road) -> None:
    for _ in range(2):
        road.clock.turn(hours=24)
        while await reconcile_schools(road.database, START.time(), road.clock.now(), looks=False):
            pass


async def test_it_is_in_the_audit_and_later_than_all_that_was_said(road: Road, told: Told) -> None:
    told.account("linked", "anna", "1", at=START + timedelta(hours=3))
    await road.post([told.events[-1], expelled(told), enrolled(told), told.account("linked", "vera", "1")])
    assert await goes_on(road) == ["anna"]
    async with road.database.reading() as connection:
        [entry] = await latest_entries(connection, "rollcall", 10)
        said = (await connection.execute(select(account_assertions))).fetchall()
    assert (entry.request, entry.status) == ("DELETE /v1/persons/anna/accounts/max", 204)
    assert entry.outcomes == {"applied": 1}
    assert max(said, key=lambda row: row.time).source == "rollcall"


async def test_the_same_found_twice_is_said_once(road: Road, told: Told) -> None:
    """Another process, or one that died before it could tell, comes to the same event."""
    await road.post([expelled(told), enrolled(told), told.account("linked", "vera", "1")])
    await road.converge()
    found, before = road.claims.copy(), await said_by_us(road)
    assert await road.unlink() == ["anna"]
    road.claims = found
    assert await road.unlink() == []
    assert len(await said_by_us(road)) == len(before) + 1


async def test_who_was_never_tied_keeps_it(road: Road, told: Told) -> None:
    """The roster that ties them may yet come."""
    road.claims.clear()
    early = told.account("linked", "boris", "2", at=LONG_AGO)
    described = told.school("person.described", "former", person_id="boris", last_name="Б", first_name="Б")
    await road.post([early, described, enrolled(told), told.account("linked", "vera", "2")])
    assert await goes_on(road) == []
    assert "class:school-5" not in await shown(road)


async def test_who_is_tied_anywhere_keeps_it(road: Road, told: Told) -> None:
    staff = told.school("employee.hired", "school", employee_id="anna", position_type="other")
    await road.post([expelled(told), staff, enrolled(told), told.account("linked", "vera", "1")])
    assert await goes_on(road) == []


@pytest.mark.parametrize("school", ["former", "school"])
async def test_who_is_announced_keeps_it(road: Road, told: Told, school: str) -> None:
    """She has left the one school, and begins at another next month: nobody takes her account meanwhile."""
    day = {"student_id": "anna", "class_id": f"{school}-5", "effective_on": "2026-12-01"}
    await road.post([expelled(told), told.school("student.enrolled", school, **day)])
    await road.post([enrolled(told), told.account("linked", "vera", "1")])
    await road.plan()
    assert await road.unlink() == []


@pytest.mark.parametrize("what", ["blocked", "denied"])
async def test_who_is_to_be_kept_out_lends_the_account_to_nobody(road: Road, told: Told, what: str) -> None:
    if what == "denied":
        about = {"guardian_id": "gleb", "student_id": "anna"}
        said = [told.school("guardian.removed", "former", **about, denied=True)]
        holder, account = "gleb", "2"
    else:
        said = [told.school("person.blocked", "former", person_id="anna"), expelled(told)]
        holder, account = "anna", "1"
    said.insert(0, told.account("linked", holder, account, at=LONG_AGO))
    await road.post([*said, enrolled(told), told.account("linked", "vera", account)])
    assert await goes_on(road) == []


async def test_a_guardian_whose_child_has_left_is_tied_no_more(road: Road, told: Told) -> None:
    about = {"guardian_id": "gleb", "student_id": "anna"}
    assigned, linked = told.school("guardian.assigned", "former", **about), told.account("linked", "gleb", "2")
    await road.post([assigned, linked])
    await road.converge()
    await road.post([expelled(told), enrolled(told), told.account("linked", "vera", "2")])
    assert await goes_on(road) == ["gleb"]


async def test_who_is_not_tied_claims_nothing(road: Road, told: Told) -> None:
    described = told.school("person.described", "school", person_id="vera", last_name="В", first_name="В")
    await road.post([expelled(told), described, told.account("linked", "vera", "1")])
    assert await goes_on(road) == []


async def bound(road: Road, source: str, *schools: str) -> str:
    async with road.database.writing() as connection:
        wanted = Wanted("t", ("accounts:write",), tuple(map(OrganisationId, schools)), (source,))
        return (await create_token(connection, wanted, road.clock.now()))[0]


async def test_what_counts_in_some_schools_alone_unlinks_there_alone(road: Road, told: Told) -> None:
    """Another school's word does not change what the former school sees of its people."""
    token = await bound(road, "school-sis", "school")
    claim = told.account("linked", "vera", "1", source="school-sis")
    await road.post([expelled(told), enrolled(told), claim])
    assert await goes_on(road) == ["anna"]
    [event] = await said_by_us(road)
    assert event.source == f"rollcall/{token}"
    assert (await shown(road))["class:school-5"] == {"1": "member"}
    restored = told.school("student.restored", "former", student_id="anna", class_id="former-5")
    await road.post([restored])
    await goes_on(road)
    assert (await shown(road))["class:former-5"] == {"1": "member"}


async def test_a_school_takes_no_account_of_who_is_tied_to_another(road: Road, told: Told) -> None:
    await bound(road, "school-sis", "school")
    await road.post([enrolled(told), told.account("linked", "vera", "1", source="school-sis")])
    assert await goes_on(road) == []
    assert "class:school-5" not in await shown(road)


async def test_a_link_that_counts_in_some_schools_alone_is_let_go_by_these(road: Road, told: Told) -> None:
    """Boris works elsewhere, where his link says nothing."""
    token = await bound(road, "school-sis", "school")
    hired = {"employee_id": "boris", "position_type": "other"}
    says = [
        told.school("employee.hired", "former", **hired),
        told.school("employee.hired", "school", **hired),
        told.account("linked", "boris", "2", source="school-sis"),
    ]
    await road.post(says)
    await road.converge()
    await road.post([told.school("employee.dismissed", "school", employee_id="boris")])
    await road.post([enrolled(told), told.account("linked", "vera", "2")])
    assert await goes_on(road) == ["boris"]
    assert [event.source for event in await said_by_us(road)] == [f"rollcall/{token}"]


async def test_of_several_who_left_one_after_the_other_lets_go(road: Road, told: Told) -> None:
    for person in ("boris", "gleb"):
        await road.post(
            [
                told.school("student.enrolled", "former", student_id=person, class_id="former-5"),
                told.account("linked", person, "1"),
                told.school("student.expelled", "former", student_id=person),
            ]
        )
    await road.post([expelled(told), enrolled(told), told.account("linked", "vera", "1")])
    assert await goes_on(road) == ["anna", "boris", "gleb"]
    assert (await shown(road))["class:school-5"] == {"1": "member"}
