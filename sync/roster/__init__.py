"""What holds in one school on one day: the facts a rule may ask for."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from sync.roster.duties import Duties


class Roster(Duties):
    """One school on one day, as far as `facts` go: its people, its classes, groups and chats, and who is where."""

    def on(self, day: date) -> Roster:
        """The same school on another day."""
        return Roster(self.organisation_id, day, self._facts)

    @cached_property
    def without_denials(self) -> Roster:
        """The same school without its denials: to find what each denial keeps whom out of."""
        return Roster(self.organisation_id, self.day, self._facts, denials_count=False)

    @cached_property
    def without_leaving(self) -> Roster:
        """The same school as if nobody had ever left it: to find which memberships ended by leaving."""
        return Roster(self.organisation_id, self.day, self._facts, leaving_counts=False)
