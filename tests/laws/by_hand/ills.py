"""What befalls the platform and the workers, and what the operators decide."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from adapters.database.schema import holds
from adapters.simulator.entities import Chat
from sync.ids import OrganisationId
from sync.looks import OF_STRANGERS, OF_TITLES
from sync.ports.holds import HELD
from sync.use_cases.choose_policies import choose_policies
from sync.use_cases.decide_holds import approval, decide_hold, rejection
from tests.laws.by_hand.deeds import numbers
from tests.laws.by_hand.ground import Ground
from tests.laws.by_hand.life import schools
from tests.laws.by_hand.platform import OUTCOMES

seconds = st.sampled_from([0.05, 0.3, 1.0, 3.0, 10.0, 40.0, 100.0])


class Ills(Ground):
    @rule(number=numbers, more=st.sampled_from([None, 0, 1]))
    def fills_up(self, number: int, more: int | None) -> None:
        def deed(chat: Chat, _: Any) -> None:
            self.nature.full.pop(str(chat.chat_id), None)
            if more is not None:
                self.nature.full[str(chat.chat_id)] = len(chat.members) - 1 + more

        self.does(number, deed)

    @rule(ills=st.lists(st.sampled_from(sorted(OUTCOMES)), max_size=4), share=st.sampled_from([0.2, 0.5, 1.0]))
    def falls_ill(self, ills: list[str], share: float) -> None:
        self.nature.ills, self.nature.share = ills, share

    @rule(for_s=seconds, refuses=st.booleans())
    def is_away(self, for_s: float, refuses: bool) -> None:
        until = self.loop.now + for_s
        if refuses:
            self.nature.refuses_until = until
        else:
            self.nature.away_until = until

    @rule(which=st.integers(0, 1), for_s=st.sampled_from([0.0, 30.0, 90.0]))
    def a_worker_dies_or_stands_still(self, which: int, for_s: float) -> None:
        if for_s:
            self.school.workers[which].stands_still_until = self.loop.now + for_s
        else:
            self.run(self.school.dies(which))

    @rule(data=st.data())
    def updates_arrive(self, data: st.DataObject) -> None:
        """Some of the next, in any order; the others of them never do, or later."""
        if self.hears:
            fresh = self.world.updates[self.heard :]
            some = data.draw(st.lists(st.sampled_from(fresh), unique_by=id)) if fresh else []
            self.heard = len(self.world.updates)
            self.run(self.school.hear(some))

    @rule(
        school_id=schools,
        strangers=st.sampled_from([*OF_STRANGERS, None]),
        titles=st.sampled_from([*OF_TITLES, None]),
    )
    def chooses(self, school_id: str, strangers: str | None, titles: str | None) -> None:
        self.run(self._chooses(OrganisationId(school_id), strangers, titles))

    async def _chooses(self, school_id: OrganisationId, strangers: str | None, titles: str | None) -> None:
        now = self.school.clock.now()
        await choose_policies(self.school.database, school_id, strangers, titles, "директор", now=now)

    @rule(approves=st.booleans())
    def decides_on_a_hold(self, approves: bool) -> None:
        self.run(self._decides(approves))

    async def _decides(self, approves: bool) -> None:
        decision = (approval if approves else rejection)("директор", "так надо")
        for hold in await self.school.rows(select(holds.c.hold_no).where(holds.c.state == HELD).limit(1)):
            now = self.school.clock.now()
            await decide_hold(self.school.database, self.school.rules, hold.hold_no, decision, now)

    @rule(for_s=seconds)
    def time_passes(self, for_s: float) -> None:
        self.run(asyncio.sleep(for_s))
