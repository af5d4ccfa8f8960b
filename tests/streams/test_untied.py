"""Where there is a Kafka, that a former holder is unlinked is said on the topic of accounts, like any other event."""

from __future__ import annotations

from sqlalchemy import func, select

from adapters.database.audit import latest_entries
from adapters.database.schema import account_assertions, inbox
from rollcall.untied import FormerHolders
from sync.untied import Claim
from sync.use_cases.plan_affected import plan_affected
from tests.streams.ground import Ground, eventually


async def test_it_is_said_on_the_topic_and_counts_once(ground: Ground) -> None:
    hired = ground.hired("anna"), ground.hired("vera", "s2")
    await ground.send(*hired, ground.event("school.employee.dismissed", organisation_id="s1", employee_id="anna"))
    link = {"provider": "max", "external_user_id": "1"}
    linked = [ground.event("account.linked", person_id=person, **link) for person in ("anna", "vera")]
    async with ground.processing() as app:
        assert app.topics is not None
        await ground.send(*linked, topic=ground.accounts)
        await eventually(lambda: _are(ground, 5))
        claims: set[Claim] = set()
        while (batch := await plan_affected(app.database, app.rules, app.clock.now())) is not None:
            claims |= {Claim(school, person) for school, persons in batch.claims.items() for person in persons}
        former = FormerHolders(app.database, app.rules, app.clock.now, app.topics.onto)
        for _ in range(2):  # before it was read back
            await former.unlink(claims)
        await eventually(lambda: _are(ground, 6))
        assert not await former.unlink(claims)
    [said] = await ground.rows(select(account_assertions).where(account_assertions.c.source == "rollcall"))
    assert (said.person_id, said.external_user_id) == ("anna", None)
    async with ground.database.reading() as connection:
        assert {entry.status for entry in await latest_entries(connection, "rollcall", 10)} == {202}


async def _are(ground: Ground, number: int) -> bool:
    [[found]] = await ground.rows(select(func.count()).select_from(inbox))
    return bool(found >= number)
