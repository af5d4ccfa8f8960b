"""The port for ingestion and planning: one transaction with all its parts."""

from __future__ import annotations

from typing import Protocol

from sync.ports.affected import AffectedList
from sync.ports.events import Inbox, Sources
from sync.ports.facts import Facts
from sync.ports.holds import Guarding, Holds
from sync.ports.people import People, Phones
from sync.ports.plans import Plans
from sync.ports.present import Present
from sync.ports.schools import Schools


class RosterTransaction(Protocol):
    """One transaction of taking in and planning. Locks are taken in the order of the attributes: the inbox's ids, the
    schools, the persons and accounts, what is left to be planned; then rooms and places.
    """

    @property
    def inbox(self) -> Inbox: ...

    @property
    def schools(self) -> Schools: ...

    @property
    def people(self) -> People: ...

    @property
    def phones(self) -> Phones: ...

    @property
    def facts(self) -> Facts: ...

    @property
    def affected(self) -> AffectedList: ...

    @property
    def guarding(self) -> Guarding: ...

    @property
    def sources(self) -> Sources: ...

    @property
    def holds(self) -> Holds: ...

    @property
    def plans(self) -> Plans: ...

    @property
    def present(self) -> Present: ...
