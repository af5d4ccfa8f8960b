"""How linking ends, as the rules say: small, slow, and nothing of the code it judges."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
OWNERS = {"+79000000001": "1", "+79000000002": "2"}  # of all other numbers MAX knows nothing


@dataclass
class Asked:
    """A request or a code. `phase`: open, declined, unknown, held, done, code or spent."""

    way: str
    phone: str
    at: datetime
    phase: str
    number: int = 0
    sent_at: datetime | None = None
    sends: int = 1
    tries: int = 0


@dataclass
class SignIn:
    since: datetime
    shown: bool = False


@dataclass
class Person:
    tried: list[datetime] = field(default_factory=list)
    asked: Asked | None = None
    sign_in: SignIn | None = None


@dataclass
class Model:
    """`links`: (person, provider) → the account, and since when in one run; `runs`: the same as Rollcall itself said
    it, which what others say does not break; `failed`: when numbers did not match.
    """

    people: dict[str, Person]
    links: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    runs: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    failed: list[datetime] = field(default_factory=list)

    # whose is what

    def holder(self, provider: str, account: str) -> str | None:
        claims = {who: since for (who, of), (held, since) in self.links.items() if (of, held) == (provider, account)}
        return min(claims, key=lambda who: claims[who], default=None)

    def linked(self, person: str, provider: str) -> str | None:
        """The account that is really theirs."""
        account, _ = self.links.get((person, provider), (None, None))
        return account if account is not None and self.holder(provider, account) == person else None

    def link(self, person: str, provider: str, account: str, now: datetime) -> str:
        run = self.runs.get((person, provider))
        run = run if run is not None and run[0] == account else (account, now)
        self.runs[person, provider] = self.links[person, provider] = run
        return "Linked" if self.linked(person, provider) else "HeldByAnother"

    def unlink(self, person: str, provider: str) -> str:
        gone = self.links.pop((person, provider), None)
        if gone is None:
            return "NothingLinked"
        del self.runs[person, provider]
        self.forget(person, provider)
        return "Unlinked"

    def forget(self, person: str, provider: str, *, all_of_it: bool = True) -> None:
        asked = self.people[person].asked
        if provider == "max" and asked is not None and (all_of_it or asked.phase in {"done", "held"}):
            self.people[person].asked = None

    # numbers

    def ask(self, person: str, way: str, phone: str, now: datetime) -> str:
        """What asking comes to; `failures` and tries counted on the way."""
        if self.linked(person, "max"):
            return "Linked"
        of = self.people[person]
        last = of.asked if of.asked is not None and (of.asked.way, of.asked.phone) == (way, phone) else None
        if last is not None and (told := self._told_already(last, now)):
            return told
        of.tried = [at for at in of.tried if at > now - timedelta(days=1)]
        if len(of.tried) >= 5 or len(self._failed(now)) >= 20:
            return "TooManyTries"
        of.tried.append(now)
        if way == "code":
            of.asked = Asked(way, phone, now, "code", sent_at=now)
            return "CodeSent"
        number = last.number if last is not None and last.phase == "open" and now < last.at + 1440 * MINUTE else 0
        of.asked = Asked(way, phone, now, "open", number)
        if phone not in OWNERS:
            of.asked.phase = "unknown"
            self.failed.append(now)
            return "NotMatched"
        if self.holder("max", OWNERS[phone]) not in (None, person):
            of.asked.phase = "held"
            return "HeldByAnother"
        return "Requested"

    def _told_already(self, last: Asked, now: datetime) -> str | None:
        if last.phase == "open":
            return "AlreadyRequested" if now < last.at + 10 * MINUTE else None
        if last.sent_at is None or now >= last.sent_at + 10 * MINUTE:
            return None
        if last.phase == "spent":
            return "TooManyTries"
        return self._again(last, now) if last.phase == "code" else None

    def _failed(self, now: datetime) -> list[datetime]:
        return [at for at in self.failed if at > now - 60 * MINUTE]

    # codes

    def again(self, person: str, now: datetime) -> str:
        asked = self.people[person].asked
        if asked is None or asked.way != "code" or now >= asked.at + 1440 * MINUTE:
            return "NothingOpen"
        if asked.phase == "spent":
            return "TooManyTries"
        return self._again(asked, now) if asked.phase == "code" else "NothingOpen"

    def _again(self, asked: Asked, now: datetime) -> str:
        assert asked.sent_at is not None
        if asked.sends >= 4:
            return "TooManyTries"
        if now < asked.sent_at + MINUTE:
            return "TooSoon"
        asked.sends, asked.sent_at = asked.sends + 1, now
        return "CodeSent"

    def check(self, person: str, now: datetime, *, right: bool) -> str:
        asked = self.people[person].asked
        if asked is None or asked.phase not in {"code", "spent"}:
            return "NothingOpen"
        assert asked.sent_at is not None
        if now >= asked.sent_at + 10 * MINUTE:
            return "CodeExpired"
        if asked.phase == "spent":
            return "TooManyTries"
        asked.tries += 1
        if right:
            return self._proven(person, asked, now)
        if asked.tries < 5:
            return "Linked" if self.linked(person, "max") else "CodeWrong"
        asked.phase = "spent"
        return "TooManyTries"

    # answers in MAX

    def press(self, person: str, account: str, now: datetime, *, yes: bool) -> None:
        """On the last question that this person's requests led to."""
        asked = self.people[person].asked
        if asked is None or asked.phase != "open" or OWNERS[asked.phone] != account or now >= asked.at + 1440 * MINUTE:
            return
        if yes:
            self._proven(person, asked, now)
        else:
            asked.phase = "declined"

    def _proven(self, person: str, asked: Asked, now: datetime) -> str:
        told = self.link(person, "max", OWNERS[asked.phone], now)
        asked.phase, asked.at = ("done" if told == "Linked" else "held"), now
        return told

    # where somebody stands

    def step(self, person: str, provider: str, now: datetime) -> str:
        if self.linked(person, provider):
            return "Linked"
        asked = self.people[person].asked if provider == "max" else None
        if asked is not None and now < asked.at + 1440 * MINUTE and (told := self._left_at(asked, now)):
            return told
        return "HeldByAnother" if (person, provider) in self.links else "NotLinked"

    def _left_at(self, asked: Asked, now: datetime) -> str | None:
        if asked.phase in {"code", "spent"}:
            assert asked.sent_at is not None
            lasts = now < asked.sent_at + 10 * MINUTE
            of_code = ("CodeSent", "CodeExpired") if asked.phase == "code" else ("TooManyTries", None)
            return of_code[0 if lasts else 1]
        ends = {"open": "Requested", "declined": "Declined", "unknown": "NotMatched", "held": "HeldByAnother"}
        return ends.get(asked.phase)
