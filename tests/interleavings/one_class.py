"""A class whose chat stands, and Anna, who comes and goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.interleavings.told import Told
from tests.interleavings.wire import Dispatcher
from tests.road import Road

ANNA, BORIS, CHAT = "1", "2", "-1"


@dataclass
class OneClass:
    """One room: whatever a dispatcher claims, it is this."""

    road: Road
    told: Told = field(default_factory=Told)

    async def begins(self, *, with_anna: bool = False) -> None:
        """Boris is in the chat."""
        self.road.knows(ANNA, BORIS)
        self.told.school("organisation.registered", name="Школа")
        self.told.school("class.opened", class_id="5a", name="5 А", school_year="2026/2027")
        self.told.school("student.enrolled", student_id="boris", class_id="5a")
        self.told.account("linked", "boris", BORIS)
        self.told.account("linked", "anna", ANNA)
        await self.road.post(self.told.events)
        if with_anna:
            await self.anna_comes()
        await self.road.converge()
        assert self.anna_is_in == with_anna

    async def anna_comes(self) -> None:
        await self._happens("student.enrolled", student_id="anna", class_id="5a")

    async def anna_goes(self) -> None:
        await self._happens("student.expelled", student_id="anna")

    async def is_called(self, name: str) -> None:
        await self._happens("class.renamed", class_id="5a", name=name)

    async def _happens(self, type_: str, **data: str) -> None:
        await self.road.post([self.told.school(type_, **data)])
        await self.road.plan()
        self.road.clock.turn(seconds=1)

    @property
    def anna_is_in(self) -> bool:
        """Whether the platform shows her, whatever we believe."""
        return ANNA in self.road.shown(CHAT)

    @property
    def title(self) -> str:
        return self.road.platform.world.chats[int(CHAT)].title

    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.road.database, self.road.platform.world, self.road.clock)

    async def comes_to_rest(self) -> None:
        """Whatever lease there is ends."""
        self.road.clock.turn(seconds=self.road.dispatch.lease_s + 1)
        await self.road.converge()
