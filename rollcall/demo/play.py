"""Playing the term: a school is loaded, its people link accounts, and then things happen, one after another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.packages.findings import PackageError
from adapters.packages.options import Options
from adapters.packages.package import open_package
from rollcall.demo.cast import Cast
from rollcall.demo.events import Event, cloud_events, school_events
from rollcall.demo.founding import found_school
from rollcall.demo.roll import Roll, schools_by_size
from rollcall.demo.stage import Stage
from rollcall.demo.story import Step, story
from rollcall.output import Failed

SOURCE = "urn:rollcall:demo"
SEED = 2026
CLASSES, PUPILS_A_CLASS = 22, 6


@dataclass(frozen=True, slots=True)
class Size:
    classes: int = CLASSES
    pupils_a_class: int = PUPILS_A_CLASS


def made_up(size: Size, seed: int = SEED) -> list[Event]:
    school = found_school(seed, classes=size.classes, pupils_a_class=size.pupils_a_class)
    return list(school_events(school, source=SOURCE, at=datetime.now(UTC)))


def from_package(path: Path) -> list[Event]:
    """The events of a roster package.

    Raises:
        Failed: it cannot be read.
    """
    try:
        return list(open_package(path, Options(at=datetime.now(UTC))).events({}))
    except PackageError as error:
        raise Failed(str(error)) from error


@dataclass
class Play:
    """One school and its term; `done` are the steps said so far."""

    stage: Stage
    school: Sequence[Event]
    seed: int = SEED
    done: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        schools = schools_by_size(self.school)
        if not schools:
            raise Failed("the package has no school")
        main, *others = map(Roll, schools)
        self.cast = Cast(main, self.seed, others)

    @property
    def roll(self) -> Roll:
        return self.cast.roll

    async def begin(self) -> None:
        """Loads the school, a batch each, and links most of its people."""
        by_school: dict[str, list[Event]] = {}
        for event in self.school:
            by_school.setdefault(event["data"]["organisation_id"], []).append(event)
        for events in by_school.values():
            await self._take(events)
        await self._say(tuple(self.cast.links()), "link")

    async def steps(self) -> AsyncIterator[Step]:
        """Says the next step, and gives it at once: what follows from it is on its way."""
        for number, step in enumerate(story(self.cast), start=1):
            await self._say(step.said, f"step-{number}")
            self.done.append(step)
            yield step

    async def _say(self, said: Sequence[tuple[str, dict[str, object]]], prefix: str) -> None:
        self.stage.put_users(self.cast.new_users())
        at = self.stage.app.clock.now()
        await self._take(list(cloud_events(said, source=SOURCE, at=at, prefix=prefix)))

    async def _take(self, events: Sequence[Event]) -> None:
        for roll in (self.cast.roll, *self.cast.others):
            roll.take(events)
        await self.stage.take(events)


async def play_at_once(play: Play) -> bool:
    """The whole term without waiting for anybody; whether everything settled."""
    await play.begin()
    settled = await play.stage.settled()
    async for _ in play.steps():
        settled = await play.stage.settled() and settled
    return settled
