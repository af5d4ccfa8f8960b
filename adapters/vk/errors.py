"""What the VK API answers, told as what it means for the call.

Codes of its schema 5.199 (errors.json, read on 2026-11-26); what follows from each class is ours. Messages of the
platform are dropped: they may name people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.wire.failures import malformed, of_status
from sync.errors import Failure, PlatformError
from sync.platform import CHAT_FULL, Refusal

DENIED = 15  # access: to the chat, to the user, or because it is so already
NOT_IN_CHAT = 935
LIMITS = 103

ACCOUNT_RESTS_S = 300.0  # a flood, or a limit of a day: nobody says which
ROOM_RESTS_S = 60.0  # an error inside the platform, after which nobody knows what it did

_USERS = frozenset({18, 936, 939, 947, 967, 981})  # this user, for good

Meaning = tuple[Failure, float | None]
"""A failure, and how long to rest then."""

# A captcha or a confirmation (14, 17, 24, 25) is asked of the account, not of a chat: all its chats wait for a person.
_MEANS: dict[int, Meaning] = {
    **dict.fromkeys((5, 27, 28), (Failure.CREDENTIALS, None)),
    **dict.fromkeys((14, 17, 24, 25), (Failure.CREDENTIALS, ACCOUNT_RESTS_S)),
    6: (Failure.BUSY, 1.0),
    **dict.fromkeys((9, 29, 982), (Failure.BUSY, ACCOUNT_RESTS_S)),
    **dict.fromkeys((1, 10, 36), (Failure.UNCONFIRMED, ROOM_RESTS_S)),
    NOT_IN_CHAT: (Failure.UNCONFIRMED, None),
    **dict.fromkeys((DENIED, 917, 925, 931, 932), (Failure.NEEDS_PERSON, None)),
    **dict.fromkeys((927, 945, 946), (Failure.GONE, None)),
}


class VkError(PlatformError):
    """An error as the platform told it, by its number."""

    def __init__(self, number: int, failure: Failure, *, retry_after_s: float | None = None) -> None:
        super().__init__(failure, CHAT_FULL if number == LIMITS else f"vk.{number}", retry_after_s=retry_after_s)
        self.number = number


def told(error: object) -> PlatformError:
    """What an error that was told means; one that makes no sense may stand for anything."""
    number = error.get("error_code") if isinstance(error, Mapping) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return malformed()
    failure, rest_s = _MEANS.get(number, (Failure.REFUSED, None))
    return VkError(number, failure, retry_after_s=rest_s)


def refusal(status: int, _body: object, headers: Mapping[str, str]) -> PlatformError:
    """What an answer other than 2xx means: it is not the API's, whose errors come with 200."""
    return of_status(status, headers)


_GRAVEST = (Failure.UNCONFIRMED, Failure.CREDENTIALS, Failure.BUSY, Failure.GONE, Failure.NEEDS_PERSON)


def gravest(errors: Sequence[PlatformError]) -> PlatformError:
    """Of what went wrong with the parts of a call what is to be said of the whole."""
    return min(errors, key=lambda error: _GRAVEST.index(error.failure) if error.failure in _GRAVEST else len(_GRAVEST))


def user_refusal(error: PlatformError) -> Refusal:
    """Why one user was not added where others could be; whatever is not said of the user may pass."""
    number = error.number if isinstance(error, VkError) and error.failure is Failure.REFUSED else None
    return Refusal(error.code, for_good=number in {DENIED, LIMITS, *_USERS})
