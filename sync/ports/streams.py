"""The port for ingesting topics: offsets and dead letters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sync.ports.roster import RosterTransaction
from sync.streams import DeadLetter, Partition, Position


class Positions(Protocol):
    """How far partitions of topics were handled. They are locked before everything else."""

    async def lock(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """How far each was handled, locked; partitions never handled are not in it."""

    async def read(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """The same, not locked."""

    async def write(self, positions: Mapping[Partition, Position]) -> None: ...

    async def advance(self, changes: Mapping[Partition, tuple[Position, Position]]) -> bool:
        """Write positions, given as before and after. Return False if another process advanced meanwhile: roll back
        then.
        """


class DeadLetters(Protocol):
    """Records that could not be taken."""

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        """Store dead letters, each once."""

    async def lock(self, number: int) -> DeadLetter | None:
        """A waiting dead letter, locked; None if there is none of this number."""

    async def end(self, number: int, state: str) -> None:
        """End the waiting of a dead letter."""


class StreamTransaction(RosterTransaction, Protocol):
    """One transaction of taking in a batch of a topic."""

    @property
    def positions(self) -> Positions: ...

    @property
    def dead_letters(self) -> DeadLetters: ...
