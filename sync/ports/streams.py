"""What taking in a batch of a topic asks of a transaction besides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sync.ports.roster import RosterTransaction
from sync.streams import DeadLetter, Partition, Position


class Positions(Protocol):
    """How far partitions of topics were handled. They are locked before everything else."""

    async def lock(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """How far each was handled, locked; one that nothing was ever handled of is not in it."""

    async def read(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """The same, not locked."""

    async def write(self, positions: Mapping[Partition, Position]) -> None: ...

    async def advance(self, changes: Mapping[Partition, tuple[Position, Position]]) -> bool:
        """Writes how far was handled, given as before and after. False when another got on meanwhile: roll back."""


class DeadLetters(Protocol):
    """Records that could not be taken."""

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        """Keeps them, each once."""

    async def lock(self, number: int) -> DeadLetter | None:
        """One that waits, locked; None where none does."""

    async def end(self, number: int, state: str) -> None:
        """It waits no longer."""


class StreamTransaction(RosterTransaction, Protocol):
    """One transaction of taking in a batch of a topic."""

    @property
    def positions(self) -> Positions: ...

    @property
    def dead_letters(self) -> DeadLetters: ...
