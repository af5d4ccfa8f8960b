"""Systems that may sign people in: what an operator says of one, checked and stored. Loading it takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.database.issuers import list_issuers, put_issuer, remove_issuer
from adapters.portal.hand_over import ISS, origin_of, public_key
from rollcall.clock import SystemClock
from rollcall.output import Exit, Failed
from rollcall.portal import profiles_of
from rollcall.ready import ready_app
from rollcall.settings import Settings
from sync.entering import Issuer
from sync.ids import OrganisationId


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a system, as it was typed."""

    iss: str
    key: Path
    origins: Sequence[str]
    product: str
    region: str | None
    organisations: Sequence[str]


async def add_issuer(settings: Settings, given: Given) -> bool:
    """Registers a system; whether it took the place of one of that name.

    Raises:
        Failed: something of it makes no sense, or the database takes nothing.
    """
    issuer = _checked(settings, given)
    async with ready_app(settings) as app, app.database.writing() as connection:
        return await put_issuer(connection, issuer, SystemClock().now())


async def issuers_of(settings: Settings) -> list[Issuer]:
    async with ready_app(settings) as app, app.database.reading() as connection:
        return await list_issuers(connection)


async def end_issuer(settings: Settings, iss: str) -> bool:
    """False where there is none of that name."""
    async with ready_app(settings) as app, app.database.writing() as connection:
        return await remove_issuer(connection, iss)


def _checked(settings: Settings, given: Given) -> Issuer:
    if not ISS.fullmatch(given.iss):
        raise _wrong("ISS should have 1 to 256 visible characters of ASCII")
    if given.product not in (known := profiles_of(settings)):
        raise _wrong(f"there is no profile {given.product}, only {', '.join(known)}")
    origins = sorted({_origin(url) for url in given.origins})
    schools = [OrganisationId(each) for each in sorted(set(given.organisations))]
    return Issuer(given.iss, _key(given.key), origins, given.product, given.region, schools)


def _origin(url: str) -> str:
    origin = origin_of(url)
    if origin is None:
        raise _wrong(f"{url} is no address, like https://school.example")
    return origin


def _key(path: Path) -> str:
    try:
        pem = path.read_text(encoding="ascii")
        public_key(pem)
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise Failed(
            f"{path} is no public key of Ed25519 as PEM (`openssl pkey -in KEY -pubout` prints one)"
        ) from error
    return pem


def _wrong(why: str) -> Failed:
    return Failed(why, Exit.WRONG_USAGE)
