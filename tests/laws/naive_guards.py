"""The limits of guards, counted naively from what stood before a plan and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sync.guards.limits import Guards
from tests import oracle
from tests.interleavings.told import Event
from tests.laws.floods import SCHOOL
from tests.laws.standing import DAY, IN, KINDS, TIED, Key, Noted, Standing, day_of, is_deleted, kinds_of


@dataclass
class Counts:
    """`told`: what was posted so far. `left`, `joined`: who did in a day and is counted; `gone`: who left at all.
    `renewed`: who is in a chat for other reasons than before. `approved`: when a person last let many into a chat.
    """

    told: list[Event] = field(default_factory=list)
    left: list[Noted] = field(default_factory=list)
    gone: list[Noted] = field(default_factory=list)
    joined: list[Noted] = field(default_factory=list)
    renewed: list[Noted] = field(default_factory=list)
    approved: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Step:
    counts: Counts
    guards: Guards
    before: Mapping[Key, Standing]
    after: Mapping[Key, Standing]
    approved: int | None
    now: datetime

    def __post_init__(self) -> None:
        self.school = oracle.School(self.counts.told, SCHOOL, day_of(self.now))
        self.accounts = oracle.accounts(self.counts.told, "max")

    def check_leaving(self) -> None:
        """Nobody is taken out past a limit, and nobody is held within all of them."""
        counts = self.counts
        come = {(key[0], now.chat_id) for key, now in self.after.items() if self._enters(key, now)}
        for log in (counts.left, counts.gone):
            log[:] = [one for one in log if one.at > self.now - DAY and (one.person, one.chat_id) not in come]
        joiners = {person for person, _ in come}
        out = [was for key, was in self.before.items() if self._flows_out(key, was) and key[0] not in joiners]
        new = [self._noted(was) for was in out if not self._apart(was)]
        broken = list(self._broken([*counts.left, *new], new)) if new else []
        assert not broken, (broken, new)
        counts.left += new
        counts.gone += map(self._noted, out)
        self._held_for_a_reason()

    def _held_for_a_reason(self) -> None:
        held = {key for key, now in self.after.items() if self._newly_held(key) and not now.reasons}
        joins = any(self._newly_held(key) and now.reasons for key, now in self.after.items())
        if held and not joins:
            leaving = [was for key, was in self.before.items() if was.there and was.wanted in IN and self._is_out(key)]
            gone = [*self.counts.gone, *map(self._noted, leaving)]
            assert list(self._broken(gone, [self._noted(self.before[key]) for key in held], floors=False)), held

    def _is_out(self, key: Key) -> bool:
        return key not in self.after or self.after[key].wanted == "out"

    def _newly_held(self, key: Key) -> bool:
        before = {was.hold_no for (person, room, _), was in self.before.items() if (person, room) == key[:2]}
        return self.after[key].hold_no not in {None, *before}

    def _enters(self, key: Key, now: Standing) -> bool:
        was = self.before.get(key)
        entered = now.wanted in IN and now.account != "" and not now.rejected
        return entered and (was is None or was.wanted not in IN)

    def _flows_out(self, key: Key, was: Standing) -> bool:
        now = self.after.get(key)
        out = now is None or (now.wanted == "out" and now.hold_no is None and not now.reasons)
        return was.wanted in IN and was.there and out

    def _apart(self, was: Standing) -> bool:
        """Whether guards may pass somebody over; in doubt they may."""
        school, person = self.school, was.person
        denied = any(fact[2] == person for fact, said in school._held.items() if fact[0] == "denied" and said.value)
        wards = {fact[3] for fact in school._held if fact[0] == "guardian" and fact[2] == person}
        gone = self.accounts.get(person) != was.account
        blocked, graduated = bool(school._of("blocked", person)), self._graduated({person, *wards})
        return blocked or denied or gone or graduated or is_deleted(was.chat_id, school)

    def _graduated(self, students: set[str]) -> bool:
        return any(
            event["data"].get("reason") == "graduated" and event["data"]["student_id"] in students
            for event in self.counts.told
            if event["type"] == "school.student.expelled.v1"
        )

    def _noted(self, was: Standing) -> Noted:
        return Noted(self.now, was.person, was.chat_id, frozenset(kinds_of(was.reasons)))

    def _broken(self, gone: list[Noted], new: list[Noted], *, floors: bool = True) -> Iterator[str]:
        guards = self.guards
        there = {was.person for was in self.before.values() if was.there}
        if guards.organisation.broken(len(of := {one.person for one in gone}), len(there | of)):
            yield "organisation"
        for chat_id in {one.chat_id for one in new}:
            of = {one.person for one in gone if one.chat_id == chat_id}
            members = {was.person for was in self.before.values() if was.there and was.chat_id == chat_id}
            if guards.chat.broken(len(of), len(members | of)):
                yield chat_id
        for kind in KINDS:
            of = {one.person for one in gone if kind in one.kinds}
            many = any(kind in one.kinds for one in new) and len(of) >= guards.kind_floor
            if (many or not floors) and not any(self._is_of(kind, now) for now in self.after.values()):
                yield kind

    def _is_of(self, kind: str, now: Standing) -> bool:
        if not now.account or now.wanted not in IN:
            return False
        by_hand = {TIED[tie] for tie in self.school.ties(now.person, with_denied=False)}
        return kind in kinds_of(now.reasons) or ("added_by_hand" in now.reasons and kind in by_hand)

    def check_joining(self) -> None:
        """Nobody joins past the limit, and nobody is kept out within it."""
        counts, guards = self.counts, self.guards
        for was in self.before.values():
            if was.hold_no is not None and was.hold_no == self.approved and was.reasons:
                counts.approved[was.chat_id] = self.now
        stood = {key[:2] for key, was in self.before.items() if was.there or was.desired}
        desired = {(now.person, now.chat_id) for now in self.after.values() if now.desired}
        new = {
            (now.person, now.chat_id)
            for key, now in self.after.items()
            if key[:2] not in stood and not self._decided(key)
            if now.desired or (now.reasons and self._newly_held(key))
        }
        counts.joined = [
            one for one in counts.joined if one.at > self.now - DAY and (one.person, one.chat_id) in desired
        ]
        counts.joined += [Noted(self.now, *one) for one in sorted(new)]
        counts.renewed = [one for one in counts.renewed if one.at > self.now - DAY]
        counts.renewed += [Noted(self.now, now.person, now.chat_id) for now in self._renewed()]
        for chat_id in {now.chat_id for now in self.after.values() if self._is_old(now)}:
            begin = max(counts.approved.get(chat_id, self.now - DAY), self.now - DAY)
            gained = {one.person for one in counts.joined if one.chat_id == chat_id and one.at > begin}
            gained |= {person for person, of in new if of == chat_id}
            had = {was.person for was in self.before.values() if was.desired and was.chat_id == chat_id} - gained
            over = len(gained) > guards.gain and len(gained) > len(had)
            flow = {person for person, of in new & desired if of == chat_id}
            ours = {key: now for key, now in self.after.items() if now.chat_id == chat_id and now.reasons}
            held = {now.person for key, now in ours.items() if self._newly_held(key)}
            assert not (flow and over), (chat_id, flow, gained, had)
            assert not held or self._over_at_most(chat_id, gained, had), (chat_id, held, gained, had)
        counts.joined = [one for one in counts.joined if (one.person, one.chat_id) in desired]

    def _renewed(self) -> Iterator[Standing]:
        for key, now in self.after.items():
            places = (was for (person, room, _), was in self.before.items() if (person, room) == key[:2])
            before = {reason for was in places for reason in was.reasons}
            if now.desired and before.isdisjoint(now.reasons):
                yield now

    def _over_at_most(self, chat_id: str, gained: set[str], had: set[str]) -> bool:
        """Whether it may seem too many: those whose reasons are new may count, whether or not they were there."""
        renewed = {one.person for one in self.counts.renewed if one.chat_id == chat_id}
        return len(gained | renewed) > self.guards.gain and len(gained | renewed) > len(had - renewed)

    def _is_old(self, now: Standing) -> bool:
        age = self.guards.gain_after
        return ":" in now.chat_id and now.made_at is not None and now.made_at + age < self.now

    def _decided(self, key: Key) -> bool:
        return self.approved is not None and any(
            was.hold_no == self.approved for (person, room, _), was in self.before.items() if (person, room) == key[:2]
        )
