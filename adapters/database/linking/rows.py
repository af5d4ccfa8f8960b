"""Requests, sign-ins and phones, from their rows and to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from adapters.database.types import EPOCH, MICROSECOND
from sync.linking.limits import DAY, Instants
from sync.linking.request import Asking, Code, Phase, Request, Way
from sync.linking.sealed import Sealed, SealedPhone
from sync.linking.sign_in import SignIn
from sync.ports.linking import LinkedPhone

OF_REQUEST = (
    "request_no",
    "organisation_id",
    "issuer",
    "way",
    "phase",
    "phone_digest",
    "key_id",
    "phone",
    "start",
    "asked_at",
    "account",
    "code",
)
ASKING = ("person_id", "tried", "kept_until", *OF_REQUEST)
PHONE = ("person_id", "provider", "account", "phone_digest", "key_id", "phone")
SIGN_IN = ("session", "person_id", "organisation_id", "since", "state", "key_id", "secret", "account")


def microseconds(instants: Instants) -> list[int]:
    return [(instant - EPOCH) // MICROSECOND for instant in instants]


def instants_of(stored: list[int]) -> Instants:
    return tuple(EPOCH + at * MICROSECOND for at in stored)


def asking_of(row: Any) -> Asking:
    return Asking(row.person_id, instants_of(row.tried), None if row.request_no is None else request_of(row))


def request_of(row: Any) -> Request:
    return Request(
        row.request_no,
        row.person_id,
        row.organisation_id,
        row.issuer,
        Way(row.way),
        Phase(row.phase),
        SealedPhone(row.phone_digest, Sealed(row.key_id, row.phone)),
        row.start,
        row.asked_at,
        row.account,
        None if row.code is None else _code_of(row.code),
    )


def asking_row(asking: Asking) -> tuple[Any, ...]:
    of_request = _of_request(asking.request) if asking.request is not None else (None,) * len(OF_REQUEST)
    return (asking.person_id, microseconds(asking.tried), _kept_until(asking), *of_request)


def _kept_until(asking: Asking) -> datetime:
    """Behind it the row says nothing any more; a code lasts shorter than its request."""
    tries = [at + DAY for at in asking.tried]
    return max([*tries, *([asking.request.until] if asking.request is not None else [])], default=EPOCH)


def _of_request(request: Request) -> tuple[Any, ...]:
    return (
        request.request_no,
        request.organisation_id,
        request.issuer,
        request.way.value,
        request.phase.value,
        request.phone.digest,
        request.phone.sealed.key_id,
        request.phone.sealed.box,
        request.start,
        request.asked_at,
        request.account,
        None if request.code is None else _code_row(request.code),
    )


def _code_row(code: Code) -> dict[str, Any]:
    return {
        "sent_at": (code.sent_at - EPOCH) // MICROSECOND,
        "known": code.known,
        "sends": code.sends,
        "tries": code.tries,
        "of_platform": code.of_platform,
        "digest": code.digest,
    }


def _code_of(stored: dict[str, Any]) -> Code:
    return Code(**{**stored, "sent_at": EPOCH + timedelta(microseconds=stored["sent_at"])})


def phone_of_row(row: Any) -> LinkedPhone:
    sealed = SealedPhone(row.phone_digest, Sealed(row.key_id, row.phone))
    return LinkedPhone(row.person_id, row.provider, row.account, sealed)


def phone_row(phone: LinkedPhone) -> tuple[Any, ...]:
    sealed = phone.phone.sealed
    return (phone.person_id, phone.provider, phone.account, phone.phone.digest, sealed.key_id, sealed.box)


def sign_in_of(row: Any) -> SignIn:
    sealed = Sealed(row.key_id, row.secret)
    return SignIn(row.session, row.person_id, row.organisation_id, row.since, row.state, sealed, row.account)


def sign_in_row(sign_in: SignIn) -> tuple[Any, ...]:
    who = (sign_in.session, sign_in.person_id, sign_in.organisation_id, sign_in.since, sign_in.state)
    return (*who, sign_in.secret.key_id, sign_in.secret.box, sign_in.account)
