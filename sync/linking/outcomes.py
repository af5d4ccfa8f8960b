"""Where a person stands with an account of one provider, and what came of each thing that was done about it.

What is shown for each is in its first sentence, by the name that the words on screen have for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sync.ids import AccountId, OrganisationId, PersonId


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the page, as the school's system `issuer` handed them over; `session` is this browser's, and its id
    alone would open it to nobody.
    """

    person_id: PersonId
    organisation_id: OrganisationId
    issuer: str
    session: str = field(repr=False)


# Where a person stands.


@dataclass(frozen=True, slots=True)
class NotLinked:
    """The form."""


@dataclass(frozen=True, slots=True)
class Requested:
    """Request sent, and it waits in MAX until `until`; before `again_at` the same number sends nothing.

    `deep_link`: the bot could not write by itself. The person opens it there, from a link or a QR code.
    """

    since: datetime
    again_at: datetime
    until: datetime
    deep_link: str | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """Declined: «Не подключать» was pressed. The form again."""


@dataclass(frozen=True, slots=True)
class NotMatched:
    """Number unknown in MAX, or another one: which of both is not told. The form again."""


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The field for the code. `resend_at`: None where it is not sent again. `known`: the number has an account in MAX;
    else the code registers it there.
    """

    until: datetime
    resend_at: datetime | None
    tries_left: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class CodeExpired:
    """Code expired. The form again."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """Too many tries: of codes, of numbers by this person today, or by everybody from this system within an hour."""


@dataclass(frozen=True, slots=True)
class HeldByAnother:
    """Held by another person; whose it is, is not told."""


@dataclass(frozen=True, slots=True)
class Linked:
    """After linking. `phone`: to be shown whole to its owner and masked to all others; None is `linked without a known
    number`.
    """

    account: AccountId
    phone: str | None = field(repr=False)


Step = NotLinked | Requested | Declined | NotMatched | CodeSent | CodeExpired | TooManyTries | HeldByAnother | Linked


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with the accounts of a provider.

    `chats_waiting`: how many chats they come into by linking; `elsewhere`: the other provider, where they have an
    account of that one, which puts into no chat of this one.
    """

    step: Step
    chats_waiting: int = 0
    elsewhere: str | None = None


# What came of an act, beside the steps.


@dataclass(frozen=True, slots=True)
class WrongFormat:
    """System message, wrong format. Nothing went out."""


@dataclass(frozen=True, slots=True)
class AlreadyRequested:
    """The same, request still open: nothing was sent anew."""

    open: Requested


@dataclass(frozen=True, slots=True)
class CodeWrong:
    """Code wrong."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The field for the code, as it was: a code is sent again after a minute."""

    sent: CodeSent


@dataclass(frozen=True, slots=True)
class NothingOpen:
    """No code was asked for, or by now it has come to its end: where the person stands tells the rest."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The platform did not answer, or nobody set it up: nothing was done, and no try was counted. Retriable."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The consent window, which names the account before it is linked. Nothing is linked yet."""

    first_name: str = field(repr=False)
    last_initial: str = field(repr=False)
    phone: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stale:
    """What the browser came back with belongs to no sign-in that this session began, or it was used, or is too old."""


@dataclass(frozen=True, slots=True)
class Denied:
    """At VK ID the person did not want to."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """No account is linked any more."""


@dataclass(frozen=True, slots=True)
class NothingLinked:
    """There was no account to unlink."""


Asked = WrongFormat | AlreadyRequested | Requested | NotMatched | TooManyTries | HeldByAnother | Linked | Unavailable
CodeAsked = (
    WrongFormat | CodeSent | Requested | TooSoon | NotMatched | TooManyTries | HeldByAnother | Linked | Unavailable
)
CodeAgain = CodeSent | TooSoon | TooManyTries | NothingOpen | Unavailable
CodeChecked = Linked | CodeWrong | CodeExpired | TooManyTries | HeldByAnother | NothingOpen | Unavailable
SignedIn = Candidate | Denied | Stale | Unavailable
Confirmed = Linked | HeldByAnother | Stale
Ended = Unlinked | NothingLinked
