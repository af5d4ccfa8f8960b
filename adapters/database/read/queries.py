"""All that can be asked over one reading connection."""

from __future__ import annotations

from adapters.database.read.accounts import Accounts
from adapters.database.read.alarms import Alarms
from adapters.database.read.attempts import Attempts
from adapters.database.read.busy import BusyRooms
from adapters.database.read.causes import Causes
from adapters.database.read.chats import Chats
from adapters.database.read.dead_letters import DeadLetterList
from adapters.database.read.explanations import Explanations
from adapters.database.read.holds import Holds
from adapters.database.read.loaded import Loaded
from adapters.database.read.members import Members
from adapters.database.read.memberships import Memberships
from adapters.database.read.organisations import Organisations
from adapters.database.read.outbox import OutboxCounts
from adapters.database.read.persons import Persons
from adapters.database.read.platforms import Platforms
from adapters.database.read.rooms import Rooms
from adapters.database.read.rosters import Rosters
from adapters.database.read.status import Status
from adapters.database.session import Session
from sync.titles import Titles


class Queries:
    """The query objects, each made of the others that it needs."""

    def __init__(self, session: Session, titles: Titles, platforms: Platforms) -> None:
        self.session = session
        loaded = Loaded(session)
        rosters, rooms, busy = Rosters(session, loaded), Rooms(session, platforms), BusyRooms(session, platforms)
        causes = Causes(session)
        self.organisations = Organisations(session, loaded)
        self.chats = Chats(rosters, rooms, platforms, titles)
        self.members = Members(session, rosters, rooms, loaded)
        self.accounts = Accounts(session, loaded)
        self.persons = Persons(session, loaded, self.accounts)
        self.memberships = Memberships(loaded, rosters, self.persons, rooms, titles)
        attempts = Attempts(session, self.accounts)
        self.explanations = Explanations(rosters, self.persons, self.memberships, causes, attempts)
        self.holds = Holds(session, causes)
        self.dead_letters = DeadLetterList(session)
        self.alarms = Alarms(session, loaded, rosters, busy)
        self.status = Status(session, busy, OutboxCounts(session, busy))
