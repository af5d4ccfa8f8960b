"""The plan: changes of the wanted rooms and places of one school, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sync.ids import OrganisationId
from sync.places import IN, NOBODY, Place, Room


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """`before` None: a new place. `after` None: a waiting place that goes."""

    before: Place | None
    after: Place | None

    @property
    def place(self) -> Place:
        place = self.after or self.before
        assert place is not None  # noqa: S101 - a change is of something
        return place

    @property
    def enters(self) -> bool:
        return _wants_in(self.after) and not _wants_in(self.before) and not self.place.rejected

    @property
    def retried(self) -> bool:
        """Whether what the platform refused is asked for again."""
        return self.before is not None and self.before.refused and self.after is not None and not self.after.refused

    @property
    def leaves(self) -> bool:
        return _wants_in(self.before) and not _wants_in(self.after)

    @property
    def lost(self) -> frozenset[str]:
        """The reasons that ended by this change."""
        before = self.before.reasons if self.before is not None else ()
        after = {kept.reason for kept in self.after.reasons} if self.after is not None else set()
        return frozenset(kept.reason for kept in before if kept.reason not in after)


def _wants_in(place: Place | None) -> bool:
    return place is not None and place.account != NOBODY and place.wanted in IN


@dataclass(frozen=True, slots=True)
class RoomChange:
    """A new title, a chat to be archived, or one that is open again. `before` None: a room that is new."""

    before: Room | None
    after: Room


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of one school from one batch, sorted. Made again once it is applied, it is empty."""

    organisation_id: OrganisationId
    rooms: tuple[RoomChange, ...] = ()
    places: tuple[PlaceChange, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.rooms and not self.places
