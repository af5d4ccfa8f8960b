"""H30: `ON_UNLINK=keep` makes what is wanted depend on what is observed: the old account stays only where it is in.

`wanted_places` says so, and is the only function that sees both what is desired and what is observed.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from types import ModuleType

import pytest

from sync import desired, rules, wanted
from sync.plan.making import Policy
from tests.interleavings.told import Told, shown
from tests.laws.roads import replanned
from tests.road import Road


async def keeping(road: Road) -> Told:
    road.rules = replace(road.rules, policy=Policy(keep_on_unlink=True))
    road.knows("1", "2")
    told = Told()
    told.school("organisation.registered", name="Школа")
    told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
    told.school("class.opened", class_id="5b", name="5 Б", school_year="2026/2027")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.account("linked", "anna", "1")
    await road.post(told.events)
    await road.converge()
    return told


async def test_the_old_account_stays_where_it_is_while_the_membership_is_desired(road: Road) -> None:
    told = await keeping(road)
    await road.post([told.account("unlinked", "anna")])
    await road.converge()
    assert await shown(road) == {"class:5a": {"1": "member"}}
    assert await replanned(road) == []


async def test_the_old_account_joins_nothing_new(road: Road) -> None:
    told = await keeping(road)
    await road.post([told.account("unlinked", "anna")])
    await road.converge()
    await road.post([told.school("student.transferred", student_id="anna", to_class_id="5b")])
    await road.converge()
    assert await shown(road) == {}


async def test_an_account_not_in_yet_is_not_kept(road: Road) -> None:
    told = await keeping(road)
    await road.post([told.school("student.enrolled", student_id="boris", class_id="5b")])
    await road.post([told.account("linked", "boris", "2")])
    await road.plan()
    await road.post([told.account("unlinked", "boris")])
    await road.converge()
    assert await shown(road) == {"class:5a": {"1": "member"}}


async def test_a_new_account_replaces_the_one_that_was_kept(road: Road) -> None:
    told = await keeping(road)
    await road.post([told.account("unlinked", "anna")])
    await road.converge()
    await road.post([told.account("linked", "anna", "2")])
    await road.converge()
    assert await shown(road) == {"class:5a": {"2": "member"}}


async def test_an_account_that_became_somebody_elses_is_kept_no_more(road: Road) -> None:
    told = await keeping(road)
    await road.post([told.account("unlinked", "anna")])
    await road.converge()
    await road.post([told.account("linked", "vera", "1")])
    await road.converge()
    assert await shown(road) == {}
    assert await replanned(road) == []


@pytest.mark.parametrize("module", [desired, rules])
def test_what_is_desired_knows_nothing_of_what_is_observed(module: ModuleType) -> None:
    assert "observed" not in inspect.getsource(module)
    assert "observed" in inspect.getsource(wanted)
