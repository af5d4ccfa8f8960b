"""Which screen is next: the orders that the manuals show, by what VK ID knows of whoever signs in. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from adapters.simulator.entities import User


class Screen(StrEnum):
    """A page of VK ID, by what it asks for."""

    PHONE = "phone"
    PASSWORD = "password"  # noqa: S105 - a screen's name
    CODE = "code"
    NEW_PASSWORD = "new_password"  # noqa: S105
    PROFILE = "profile"  # which profile is to be linked
    CREATE = "create"  # «Создать учебный профиль»
    ABOUT = "about"
    CONFIRM = "confirm"  # the profile that was made


class Standing(StrEnum):
    """What VK ID knows of a phone."""

    UNKNOWN = "unknown"
    ACCOUNT = "account"  # without a study profile
    STUDY = "study"


# The three variants of each manual: БАРС of staff (001), МЭШ of teachers (002), Параграф of pupils (004).
_ROADS: Mapping[str, Mapping[Standing, tuple[Screen, ...]]] = {
    "001": {
        Standing.STUDY: (Screen.PASSWORD, Screen.CODE, Screen.PROFILE, Screen.ABOUT),
        Standing.ACCOUNT: (Screen.PASSWORD, Screen.CODE, Screen.CREATE, Screen.ABOUT),
        Standing.UNKNOWN: (Screen.CODE, Screen.ABOUT, Screen.CREATE, Screen.CONFIRM),
    },
    "002": {
        Standing.STUDY: (Screen.CODE, Screen.PROFILE, Screen.ABOUT),
        Standing.ACCOUNT: (Screen.PASSWORD, Screen.CODE, Screen.ABOUT),
        Standing.UNKNOWN: (Screen.CODE, Screen.ABOUT),
    },
    "004": {
        Standing.STUDY: (Screen.PASSWORD, Screen.CODE, Screen.PROFILE),
        Standing.ACCOUNT: (Screen.PASSWORD, Screen.CODE, Screen.PROFILE),
        Standing.UNKNOWN: (Screen.CODE, Screen.ABOUT, Screen.PROFILE),
    },
}
MANUALS = frozenset(_ROADS)
_PROVEN = frozenset({Screen.PASSWORD, Screen.CODE})


def standing_of(users: Sequence[User]) -> Standing:
    if not users:
        return Standing.UNKNOWN
    return Standing.STUDY if any(user.study_profile for user in users) else Standing.ACCOUNT


def road(
    manual: str,
    standing: Standing,
    *,
    has_password: bool = True,
    several: bool = False,
    live: bool = False,
    resetting: bool = False,
) -> tuple[Screen, ...]:
    """The screens after the phone. `several`: the phone has more profiles than one, and none was chosen; `live`:
    whoever is signed in already begins at the profile; `resetting`: somebody has forgotten the password.
    """
    screens = _ROADS[manual][standing]
    if live:
        return _with_profile(tuple(screen for screen in screens if screen not in _PROVEN), standing)
    if several:
        screens = _with_profile(screens, standing)
    if resetting:
        return (Screen.CODE, Screen.NEW_PASSWORD, *(screen for screen in screens if screen not in _PROVEN))
    return screens if has_password else tuple(screen for screen in screens if screen is not Screen.PASSWORD)


def _with_profile(screens: tuple[Screen, ...], standing: Standing) -> tuple[Screen, ...]:
    """Whose VK ID it is, is shown before the data, even where the manual has no such screen after a code."""
    if {Screen.PROFILE, Screen.CREATE} & {*screens}:
        return screens
    at = screens.index(Screen.ABOUT)
    return (*screens[:at], Screen.PROFILE if standing is Standing.STUDY else Screen.CREATE, *screens[at:])


def next_screen(screens: Sequence[Screen], done: Collection[Screen]) -> Screen | None:
    """The first that is still to come; None after the last."""
    return next((screen for screen in screens if screen not in done), None)
