"""What VK ID keeps: applications, browsers that are signed in, sign-ins under way, codes and tokens that it gave."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from adapters.simulator.codes import SMS
from adapters.simulator.vkid.roads import MANUALS, Screen

GRANT_LASTS = timedelta(seconds=60)
SIGN_IN_LASTS = timedelta(hours=1)
TOKEN_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Application:
    """Who people are signed in for: the name on the side panel, and the manual whose order the screens have."""

    service: str
    manual: str

    def __post_init__(self) -> None:
        if self.manual not in MANUALS:
            raise ValueError("manual: 001, 002 or 004")


MESSENGER = "messenger"
"""VK Messenger itself, which asks for nothing more than who it is."""

OTHER = Application("БАРС.Электронная школа", "001")
KNOWN = {
    "bars": OTHER,
    "mesh": Application("МЭШ.ВКС", "002"),
    "paragraf": Application("Параграф", "004"),
    MESSENGER: Application("VK Мессенджер", "004"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asked for when it sent the browser."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str
    scope: str


@dataclass(slots=True)
class SignIn:
    """One sign-in of one browser, under way."""

    asked: Asked
    browser: str
    at: datetime
    phone: str | None = None
    user_id: int | None = None
    live: bool = False
    resetting: bool = False
    registered: bool = False
    by: str = SMS
    code_id: str | None = None
    done: set[Screen] = field(default_factory=set)
    notice: str = ""

    def begin_anew(self) -> None:
        """Another number, or another account: nothing that was shown before counts."""
        self.phone, self.user_id, self.code_id = None, None, None
        self.live = self.resetting = self.registered = False
        self.done, self.notice = set(), ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A code that an application may have tokens for, once."""

    asked: Asked
    user_id: int
    device_id: str
    at: datetime
    token: str = field(repr=False)


def device_of(browser: str) -> str:
    """As applications know a browser, which tells nobody what it is signed in by."""
    return sha256(browser.encode()).hexdigest()[:32]


@dataclass(slots=True)
class Books:
    """`signed_in`: the user of each browser. `tokens`: the user of each, the scope, and until when."""

    applications: dict[str, Application] = field(default_factory=lambda: dict(KNOWN))
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    signed_in: dict[str, int] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    used: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, tuple[int, str, datetime]] = field(default_factory=dict)

    def application(self, client_id: str) -> Application:
        return self.applications.get(client_id, OTHER)

    def begin(self, asked: Asked, browser: str, at: datetime, *, anew: bool) -> str:
        """A sign-in of a browser. `anew`: whoever is signed in there does not count."""
        self.sign_ins = {key: each for key, each in self.sign_ins.items() if at < each.at + SIGN_IN_LASTS}
        key = secrets.token_urlsafe(16)
        user_id = None if anew else self.signed_in.get(browser)
        self.sign_ins[key] = SignIn(asked, browser, at, user_id=user_id, live=user_id is not None)
        return key

    def grant(self, sign_in: SignIn, user_id: int, at: datetime) -> str:
        """A code for whoever signed in."""
        code = secrets.token_urlsafe(24)
        self.grants[code] = Grant(sign_in.asked, user_id, device_of(sign_in.browser), at, secrets.token_urlsafe(32))
        return code

    def take(self, code: str, at: datetime) -> Grant | None:
        """What a code stands for, once; a code that comes again voids the tokens that it gave."""
        if code in self.used:
            self.tokens.pop(self.used[code].token, None)
            return None
        grant = self.grants.pop(code, None)
        if grant is None:
            return None
        self.used[code] = grant
        return grant if at < grant.at + GRANT_LASTS else None

    def open(self, grant: Grant, at: datetime) -> str:
        self.tokens[grant.token] = (grant.user_id, grant.asked.scope, at + TOKEN_LASTS)
        return grant.token

    def owner(self, token: str, at: datetime) -> tuple[int, str] | None:
        """Whose a token is, and what it may read."""
        user_id, scope, until = self.tokens.get(token, (0, "", at))
        return (user_id, scope) if at < until else None
