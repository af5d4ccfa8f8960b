"""A request for confirmation or a code: what is known of it, and where it leaves the person. There is one a person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sync.ids import AccountId, OrganisationId, PersonId
from sync.linking.limits import CODE_FOR, CODE_TRIES, OPEN_FOR, QUIET_FOR, RESEND_AFTER, SENDS, Instants
from sync.linking.outcomes import (
    CodeExpired,
    CodeSent,
    Declined,
    HeldByAnother,
    Linked,
    NotMatched,
    Requested,
    Step,
    TooManyTries,
)
from sync.linking.sealed import SealedPhone


class Way(StrEnum):
    """How the person proves that the account is theirs."""

    CONFIRMATION = "confirmation"
    CODE = "code"


class Phase(StrEnum):
    """What a request waits for, or what it came to."""

    SENDING = "sending"  # an answer of the platform; a process that died of it leaves it so until somebody asks anew
    TO_START = "to_start"  # the person opens the bot by the deep link
    CONTACT = "contact"  # the person shares the contact with the bot
    ASKED = "asked"  # «Подключить» or «Не подключать»
    CODE = "code"  # the code is typed
    DECLINED = "declined"
    NOT_MATCHED = "not_matched"
    HELD = "held"
    SPENT = "spent"  # too many wrong codes
    LINKED = "linked"  # said on a topic: shown until it is known, but not for long
    DONE = "done"  # known: the account tells the rest


IN_THE_BOT = frozenset({Phase.TO_START, Phase.CONTACT})
SAID = frozenset({Phase.LINKED, Phase.DONE, Phase.HELD})  # what they came to is an event by now
WAITING = IN_THE_BOT | {Phase.SENDING, Phase.ASKED}


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was sent. `of_platform`: the request under which the platform knows it; else it is ours, by its
    `digest`. `sends` and `tries` count, from 1 and from 0.
    """

    sent_at: datetime
    known: bool = True
    sends: int = 1
    tries: int = 0
    of_platform: str | None = None
    digest: str | None = field(default=None, repr=False)

    @property
    def until(self) -> datetime:
        return self.sent_at + CODE_FOR

    @property
    def resend_at(self) -> datetime | None:
        return self.sent_at + RESEND_AFTER if self.sends < SENDS else None


@dataclass(frozen=True, slots=True)
class Request:
    """`request_no` and `start` are by chance: nobody guesses them, and none comes twice. `account`: who may answer."""

    request_no: int
    person_id: PersonId
    organisation_id: OrganisationId
    issuer: str
    way: Way
    phase: Phase
    phone: SealedPhone
    start: str = field(repr=False)
    asked_at: datetime
    account: AccountId | None = None
    code: Code | None = None

    @property
    def until(self) -> datetime:
        return self.asked_at + OPEN_FOR

    def waits(self, now: datetime) -> bool:
        """Whether an answer still counts."""
        return self.phase in WAITING and now < self.until

    def is_quiet(self, now: datetime) -> bool:
        """Whether the same number sends nothing anew."""
        return self.waits(now) and now < self.asked_at + QUIET_FOR

    def code_waits(self, now: datetime) -> bool:
        return self.phase is Phase.CODE and self.code is not None and now < self.code.until

    def came_to(self, phase: Phase) -> Request:
        return replace(self, phase=phase)


@dataclass(frozen=True, slots=True)
class Asking:
    """What is kept of a person: the numbers tried, by when, and the request, if there is one."""

    person_id: PersonId
    tried: Instants = ()
    request: Request | None = None


def step_of(request: Request, now: datetime, deep_link: str | None = None) -> Step | None:
    """Where the request leaves the person; None: it is over. `deep_link`: of its start."""
    if now >= request.until:
        return None
    if request.phase in WAITING:
        link = deep_link if request.phase in IN_THE_BOT else None
        return Requested(request.asked_at, request.asked_at + QUIET_FOR, request.until, link)
    if request.phase is Phase.LINKED:
        fresh = now < request.asked_at + QUIET_FOR
        return Linked(request.account, None) if request.account is not None and fresh else None
    if request.code is not None and request.phase in {Phase.CODE, Phase.SPENT}:
        return _of_code(request.phase, request.code, now)
    return _ENDS.get(request.phase)


def _of_code(phase: Phase, code: Code, now: datetime) -> Step | None:
    if phase is Phase.SPENT:
        return TooManyTries() if now < code.until else None
    return code_sent(code) if now < code.until else CodeExpired()


def code_sent(code: Code) -> CodeSent:
    return CodeSent(code.until, code.resend_at, max(0, CODE_TRIES - code.tries), code.known)


_ENDS: dict[Phase, Step] = {
    Phase.DECLINED: Declined(),
    Phase.NOT_MATCHED: NotMatched(),
    Phase.HELD: HeldByAnother(),
}
