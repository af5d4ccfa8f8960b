"""The store: a database and its kinds of transactions."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sync.ports.adoption import AdoptionTransaction
from sync.ports.hearing import HearingTransaction
from sync.ports.looking import LookTransaction
from sync.ports.roster import RosterTransaction
from sync.ports.settling import SettlingTransaction
from sync.ports.streams import StreamTransaction


class Store(Protocol):
    """A database. A transaction commits when its block ends, and rolls back if it raises. Raises StoreUnavailable."""

    def planning(self) -> AbstractAsyncContextManager[RosterTransaction]: ...

    def settling(self) -> AbstractAsyncContextManager[SettlingTransaction]: ...

    def looking(self) -> AbstractAsyncContextManager[LookTransaction]: ...

    def hearing(self) -> AbstractAsyncContextManager[HearingTransaction]: ...

    def adopting(self) -> AbstractAsyncContextManager[AdoptionTransaction]: ...


class StreamStore(Store, Protocol):
    """A database that knows how far topics were handled."""

    def streaming(self) -> AbstractAsyncContextManager[StreamTransaction]: ...
