"""Reading a hand-over: a JWT by which the school's system signs its user in. Nothing in it is believed before its
signature is that of a registered issuer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.text import Id
from sync import ids
from sync.entering import Entry, Issuer

LIFE = timedelta(seconds=60)
SKEW = timedelta(seconds=5)  # clocks of two well-kept machines differ by less
LONGEST = 8192  # characters; a signed one with every field full has under 5,000

FindIssuer = Callable[[str], Awaitable[Issuer | None]]

ISS = re.compile(r"[\x21-\x7e]{1,256}")

Text = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,256}$")]


class Refused(Exception):  # noqa: N818 - how it ends
    """A hand-over brings nobody in. `why` is for the log, without personal data; `iss` is of a registered issuer."""

    def __init__(self, why: str, iss: str | None = None) -> None:
        super().__init__(why)
        self.why, self.iss = why, iss


class Claims(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    iss: Text
    sub: Id
    organisation_id: Id
    role: Literal["student", "guardian", "employee", "school_admin"]
    page: Literal["link", "chats", "conferences", "registry", "security"]
    return_url: Annotated[str, Field(max_length=2048)] | None = None
    iat: int
    exp: int
    jti: Text


@dataclass(frozen=True, slots=True)
class HandOver:
    """Whom it brings; `jti` may be used once, and is of no use after `expires_at`."""

    entry: Entry
    jti: str
    expires_at: datetime


async def read_hand_over(token: str, find_issuer: FindIssuer, audience: str, now: datetime) -> HandOver:
    """Reads what was signed for `audience`, PUBLIC_URL.

    Raises:
        Refused: it is unreadable, foreign, stale, for somebody else, or leads back to where it may not.
    """
    if len(token) > LONGEST:
        raise Refused("too_long")
    issuer = await find_issuer(_said_issuer(token))
    if issuer is None:
        raise Refused("unknown_issuer")
    claims = _verified(token, issuer, audience)
    _timely(claims, now)
    if not issuer.speaks_for(ids.OrganisationId(claims.organisation_id)):
        raise Refused("not_its_school", issuer.iss)
    if claims.return_url is not None and not leads_back(claims.return_url, issuer.origins):
        raise Refused("foreign_return_url", issuer.iss)
    entry = Entry(
        issuer.iss,
        ids.PersonId(claims.sub),
        ids.OrganisationId(claims.organisation_id),
        claims.role,
        claims.page,
        claims.return_url,
    )
    return HandOver(entry, claims.jti, _instant(claims.exp))


def _said_issuer(token: str) -> str:
    """Whose key is to be tried. Nothing else is read of what nobody has verified."""
    try:
        said = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Refused("unreadable") from error
    iss = said.get("iss")
    if not isinstance(iss, str) or not ISS.fullmatch(iss):
        raise Refused("unreadable")
    return iss


def _verified(token: str, issuer: Issuer, audience: str) -> Claims:
    options: Any = {"verify_exp": False, "verify_iat": False, "strict_aud": True, "require": ["aud"]}
    try:
        claims = jwt.decode(
            token, public_key(issuer.public_key), ["EdDSA"], options, audience=audience, issuer=issuer.iss
        )
        return Claims.model_validate(claims)
    except jwt.InvalidAudienceError as error:
        raise Refused("other_audience", issuer.iss) from error
    except (jwt.InvalidTokenError, ValueError) as error:  # a ValidationError is one
        why = "wrong_claims" if isinstance(error, ValidationError) else "wrong_signature"
        raise Refused(why, issuer.iss) from None  # what it says is of a person


def _timely(claims: Claims, now: datetime) -> None:
    made, ends = _instant(claims.iat), _instant(claims.exp)
    if now >= ends:
        raise Refused("stale", claims.iss)
    if made > now + SKEW or not timedelta(0) < ends - made <= LIFE:
        raise Refused("wrong_times", claims.iss)


def _instant(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Refused("wrong_times") from error


def public_key(pem: str) -> Ed25519PublicKey:
    """Raises ValueError where it is no public key of Ed25519 as PEM."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - the file is wrong, not the type
    return key


def origin_of(url: str) -> str | None:
    """`scheme://host[:port]` as browsers write it; None of what is no plain address of the web."""
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in {None, {"http": 80, "https": 443}[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _split(url: str) -> SplitResult | None:
    """None of what a browser may read otherwise than we do: spaces, controls, backslashes, other alphabets."""
    if not url.isascii() or any(each <= " " or each in "\\\x7f" for each in url):
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def leads_back(url: str, origins: Sequence[str]) -> bool:
    """Whether an address is under one of these origins."""
    return origin_of(url) in origins
