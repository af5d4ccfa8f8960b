"""What taking in a batch of a topic asks of a transaction besides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sync.ports.roster import RosterTransaction
from sync.streams import DeadLetter, Partition, Position


class StreamTransaction(RosterTransaction, Protocol):
    """One transaction of taking in a batch of a topic. Offsets are locked before everything else."""

    async def lock_positions(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """How far each was handled, locked; one that nothing was ever handled of is not in it."""

    async def positions(self, partitions: Collection[Partition]) -> dict[Partition, Position]:
        """The same, not locked."""

    async def write_positions(self, positions: Mapping[Partition, Position]) -> None: ...

    async def advance(self, changes: Mapping[Partition, tuple[Position, Position]]) -> bool:
        """Writes how far was handled, given as before and after. False when another got on meanwhile: roll back."""

    async def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Keeps them, each once."""

    async def lock_dead_letter(self, number: int) -> DeadLetter | None:
        """One that waits, locked; None where none does."""

    async def end_dead_letter(self, number: int, state: str) -> None:
        """It waits no longer."""
