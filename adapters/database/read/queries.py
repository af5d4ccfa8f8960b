"""All that can be asked over one reading connection."""

from __future__ import annotations

from adapters.database.bulk import Bulk
from adapters.database.read.accounts import Accounts
from adapters.database.read.alarms import Alarms
from adapters.database.read.attempts import Attempts
from adapters.database.read.busy import BusyRooms
from adapters.database.read.causes import Causes
from adapters.database.read.chats import Chats
from adapters.database.read.clocks import Clocks
from adapters.database.read.dead_letters import DeadLetterList
from adapters.database.read.explanations import Details, Explanations
from adapters.database.read.guard_limits import GuardLimits
from adapters.database.read.holds import Holds
from adapters.database.read.loaded import Loaded
from adapters.database.read.looks import LooksFound
from adapters.database.read.members import Members
from adapters.database.read.memberships import Memberships
from adapters.database.read.organisations import Organisations
from adapters.database.read.outbox import OutboxCounts
from adapters.database.read.outlook import Outlook
from adapters.database.read.persons import Persons
from adapters.database.read.platform_accounts import PlatformAccounts
from adapters.database.read.platforms import Platforms
from adapters.database.read.reconciles import Reconciles
from adapters.database.read.reminders import Reminders
from adapters.database.read.removed import Removed
from adapters.database.read.rooms import Rooms
from adapters.database.read.rosters import Rosters
from adapters.database.read.status import Status
from sync.titles import Titles


class Queries:
    """The query objects, each made of the others that it needs."""

    def __init__(self, bulk: Bulk, titles: Titles, platforms: Platforms, sign_in_url: str | None = None) -> None:
        self.bulk = bulk
        self.platforms = platforms
        loaded = Loaded(bulk)
        rosters, rooms, busy = Rosters(bulk, loaded), Rooms(bulk, platforms), BusyRooms(bulk, platforms)
        causes = Causes(bulk)
        self.clocks = Clocks(bulk)
        self.organisations = Organisations(bulk, loaded, sign_in_url)
        self.chats = Chats(rosters, rooms, platforms, titles)
        self.members = Members(bulk, rosters, rooms, loaded)
        self.reminders = Reminders(
            organisations=self.organisations, rosters=rosters, rooms=rooms, members=self.members, loaded=loaded,
            titles=titles,
        )  # fmt: skip
        self.accounts = Accounts(bulk, loaded)
        self.persons = Persons(bulk, loaded, self.accounts)
        self.memberships = Memberships(loaded, rosters, self.persons, rooms, titles)
        attempts = Attempts(bulk, self.accounts)
        details = Details(causes, attempts, Removed(bulk), Outlook(bulk))
        self.explanations = Explanations(rosters, self.persons, self.memberships, details)
        self.holds = Holds(bulk, causes)
        self.guard_limits = GuardLimits(bulk)
        self.dead_letters = DeadLetterList(bulk)
        looks = LooksFound(bulk)
        self.reconciles = Reconciles(bulk)
        self.alarms = Alarms(bulk, loaded, rosters, busy, looks)
        self.platform_accounts = PlatformAccounts(bulk, platforms)
        self.status = Status(bulk, busy, OutboxCounts(bulk, busy), looks, self.reconciles)
