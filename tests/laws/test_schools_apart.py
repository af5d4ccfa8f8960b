"""What one school's token does changes nothing of another's and shows nothing of it: every route, every event type.

Three worlds: both schools speak, or either of them alone, with the region in each. What a school is shown, was
answered, and has on the platform is the same whether or not the other was ever there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from adapters.web.access import READS
from adapters.web.app import build_app
from schemas.catalogue import CATALOGUE
from sync.guards.limits import Guards, Limit
from sync.use_cases.plan_scopes import PlanningRules
from tests.histories import OFTEN_WHAT, Event
from tests.laws import apart
from tests.laws.apart import FIRST, REGION, SECOND, Schools, as_said, speaker
from tests.laws.profiles import share_of_examples
from tests.laws.roads import fresh_road, full_histories, in_batches
from tests.web.conftest import api_over

APP = build_app(cast("Any", type("Nothing", (), {"check_token": None, "audit": None})()))

HELD_SOON = PlanningRules(guards=Guards(organisation=Limit(0.3, 1), chat=Limit(0.3, 1)))


def test_every_route_is_in_the_matrix() -> None:
    """A new one wants its ids, and its body if it writes, in `tests/laws/apart.py`."""
    asked = [*apart.reads(APP), *apart.writes(APP)]
    assert len(asked) == len(set(map(str, asked)))
    written = {(method, route.path) for method, route in apart.routes_of(APP) if method not in READS}
    assert written == {*apart.BODIES, apart.TAKES_EVENTS}


def test_every_event_type_is_in_the_matrix() -> None:
    assert {type_ for _, type_, _ in OFTEN_WHAT} == set(CATALOGUE)


async def world(prepared: Path, history: Sequence[Event], who: Collection[str]) -> dict[str, Any]:
    """What each of them is shown when these have spoken."""
    async with fresh_road(prepared, HELD_SOON) as road, api_over(road) as api:
        schools = Schools(api, APP)
        await schools.begin()
        for part in in_batches(history, [12]):
            for each in (FIRST, SECOND, REGION):
                if each in who:
                    await schools.say(each, [event for event in part if speaker(event) == each])
            await schools.goes_on()
        for each in (FIRST, SECOND):
            if each in who:
                await intrudes(schools, each, history)
                await schools.write(each)
            await schools.goes_on()
        for _ in range(10):
            await schools.goes_on()
        return {each: await schools.view(each) for each in (FIRST, SECOND) if each in who}


async def intrudes(schools: Schools, who: str, history: Sequence[Event]) -> None:
    """Says all that is another's to say: as their source, and of their school."""
    theirs = [event for event in history if speaker(event) not in {who, REGION}]
    as_them = [as_said(event, speaker(event)) for event in theirs]
    of_them = [as_said(event, who) for event in theirs if "organisation_id" in event["data"]]
    told = [each for part in in_batches([*as_them, *of_them], [100]) for each in await schools.tries(who, part)]
    reasons = {each.get("error", {}).get("reason") for each in told}
    assert reasons <= {"not_permitted"}


@share_of_examples(0.03, shrinks=False)
@given(full_histories(), st.integers(0, 2**32))
def test_whatever_schools_do_neither_changes_or_sees_anything_of_the_other(
    prepared_sqlite: Path, events: list[Event], seed: int
) -> None:
    history = [*events, *apart.one_of_each(seed, FIRST), *apart.one_of_each(seed + 1, SECOND)]

    async def worlds() -> None:
        both = await world(prepared_sqlite, history, {FIRST, SECOND, REGION})
        for each in (FIRST, SECOND):
            alone = await world(prepared_sqlite, history, {each, REGION})
            for asked, shown in alone[each].items():
                assert both[each][asked] == shown, (each, asked)

    asyncio.run(worlds())
