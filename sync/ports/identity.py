"""What is asked of those who know whose an account is, MAX and VK ID, and what people do in MAX's bot.

Phones are E.164, as text: `+79001234567`. Every call takes the right to its requests itself and raises PlatformError:
BUSY and RETRY are worth another try, and UNCONFIRMED, after which nobody knows whether it took effect; the rest is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from sync.ids import AccountId

LONGEST_START = 128
"""Characters of what a deep link starts the bot with, of `A-Z a-z 0-9 _ -`; schema 0.0.33, read on 2026-11-22."""


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code that MAX sent to a phone. `known`: the number has an account there; else the code registers it."""

    request_id: str
    known: bool


class MessengerIdentity(Protocol):
    """The bot of one account on MAX. Without `by_phone` it knows people only by the contact that they share with it,
    and `resolve`, `send_code` and `check_code` raise NEEDS_PERSON.
    """

    @property
    def by_phone(self) -> bool: ...

    @property
    def bot_name(self) -> str | None:
        """As deep links have it; None where it was not told."""

    async def resolve(self, phone: str) -> AccountId | None:
        """The account with this number; None where MAX knows none."""

    async def ask(self, account: AccountId, text: str, request_no: int) -> None:
        """Sends the question of one request, with «Подключить» and «Не подключать» below it. A press comes as `Pressed`
        whose payload `answer_of` reads.
        """

    async def ask_contact(self, account: AccountId, text: str) -> None:
        """Sends a message with a button that shares the person's own contact."""

    async def say(self, account: AccountId, text: str) -> None:
        """Sends a message without buttons."""

    async def answer(self, callback_id: str, text: str) -> None:
        """Puts the text in the place of the message that was pressed, and of its buttons."""

    async def send_code(self, phone: str) -> CodeSent: ...

    async def check_code(self, request_id: str, code: str) -> AccountId | None:
        """Whose the phone is, of which a number new to MAX is registered now; None where the code is wrong, was used or
        is too old.
        """

    def deep_link(self, payload: str) -> str | None:
        """Opens the bot, which is told of it by `BotStarted`; None without a `bot_name`.

        Raises ValueError: the payload is longer than `LONGEST_START` or has other characters.
        """


YES, NO = "yes", "no"
_ANSWERS = {YES: True, NO: False}


def answer_payload(request_no: int, *, yes: bool) -> str:
    """What a button of a question tells when it is pressed."""
    return f"link {request_no} {YES if yes else NO}"


def answer_of(payload: str) -> tuple[int, bool] | None:
    """The request that a pressed button answers, and whether by «Подключить»; None where it is no such button's."""
    match payload.split(" "):
        case ["link", number, answer] if number.isascii() and number.isdecimal() and answer in _ANSWERS:
            return int(number), _ANSWERS[answer]
    return None


@dataclass(frozen=True, slots=True)
class BotStarted:
    """Somebody opened the bot; `payload` is the deep link's, empty without one. `key`: the same when told again."""

    key: str
    account: AccountId
    payload: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button. Whether it was theirs to press is for the caller to check."""

    account: AccountId
    callback_id: str
    payload: str

    @property
    def key(self) -> str:
        return f"press {self.callback_id}"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody shared the contact of their own account, which MAX vouches for."""

    key: str
    account: AccountId
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ContactRefused:
    """Somebody shared a contact that is not their own, that MAX does not vouch for, or that has no phone."""

    key: str
    account: AccountId


BotDeed = BotStarted | Pressed | Contact | ContactRefused
"""What people do in the bot. Told at least once each, in any order: the same `key` is the same deed."""


@dataclass(frozen=True, slots=True)
class VkTokens:
    """The right to read one VK ID, for an hour."""

    user_id: AccountId
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class VkUser:
    """Whose VK ID it is, as far as we ask. `last_initial`: one letter, or none. Birthday and sex are never read."""

    user_id: AccountId
    first_name: str = field(repr=False)
    last_initial: str = field(repr=False)
    phone: str | None = field(repr=False)


class VkId(Protocol):
    """Signing in by VK ID: OAuth 2.1 with PKCE S256. A refusal of the code or of the tokens is REFUSED."""

    def challenge(self, verifier: str) -> str:
        """S256 of a verifier of 43 to 128 characters (RFC 7636)."""

    def authorize_url(
        self,
        state: str,
        challenge: str,
        redirect_uri: str,
        *,
        scope: str = "phone",
        prompt: Literal["login"] | None = None,
    ) -> str:
        """Where to send the browser. It comes back to `redirect_uri` with `code`, `device_id` and `state`, or with
        `error` (`access_denied`: the person did not want to) and `state`. `prompt`: whoever is signed in there already
        has to sign in anew.
        """

    async def exchange(self, code: str, device_id: str, verifier: str, state: str, redirect_uri: str) -> VkTokens:
        """REFUSED: the code is used, stale, or was given for another verifier, device or address."""

    async def user(self, tokens: VkTokens) -> VkUser:
        """UNCONFIRMED as well where it is another user than the tokens are of."""

    async def drop(self, tokens: VkTokens) -> None:
        """The tokens are good for nothing any more. Doing it again is a success."""
