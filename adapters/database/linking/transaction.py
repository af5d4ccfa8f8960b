"""What linking reads and writes; what it does is said by the port of the same name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from adapters.database.bulk import Bulk
from adapters.database.linking.rows import (
    ASKING,
    PHONE,
    SIGN_IN,
    asking_of,
    asking_row,
    instants_of,
    microseconds,
    phone_of_row,
    phone_row,
    request_of,
    sign_in_of,
    sign_in_row,
)
from adapters.database.schema import link_failures, link_requests, phones, sign_ins
from adapters.database.types import EPOCH
from sync.ids import AccountId, PersonId
from sync.linking.limits import OPEN_FOR, Instants
from sync.linking.request import Asking, Phase, Request
from sync.linking.sign_in import SignIn
from sync.ports.linking import LinkedPhone


class LinkingRows:
    """What is read without being locked."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def request(self, person_id: PersonId) -> Request | None:
        [asking] = await self._bulk.matching(link_requests, ("person_id",), [(person_id,)]) or [None]
        return None if asking is None else asking_of(asking).request

    async def phone(self, person_id: PersonId, provider: str) -> LinkedPhone | None:
        [row] = await self._bulk.matching(phones, ("person_id", "provider"), [(person_id, provider)]) or [None]
        return None if row is None else phone_of_row(row)

    async def with_phone(self, digests: Collection[str]) -> Sequence[LinkedPhone]:
        rows = await self._bulk.matching(phones, ("phone_digest",), [(digest,) for digest in digests])
        return sorted(map(phone_of_row, rows), key=lambda phone: (phone.person_id, phone.provider))

    async def sign_in(self, session: str) -> SignIn | None:
        [row] = await self._bulk.matching(sign_ins, ("session",), [(session,)]) or [None]
        return None if row is None else sign_in_of(row)

    async def awaits_contacts(self, now: datetime) -> bool:
        of = link_requests.c
        waits = select(of.person_id).where(of.phase == Phase.CONTACT.value, of.asked_at > now - OPEN_FOR).limit(1)
        return bool(await self._bulk.fetch(waits))


class LinkingTransaction:
    """The port of the same name over one open transaction."""

    def __init__(self, bulk: Bulk) -> None:
        self.requests = Requests(bulk)
        self.failures = Failures(bulk)
        self.phones = LinkedPhones(bulk)
        self.sign_ins = SignIns(bulk)


class Requests:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def asking(self, person_id: PersonId) -> Asking:
        new: list[tuple[Any, ...]] = [(person_id, [], EPOCH)]
        # updated, and so locked, if it is there: else it might go before it is
        await self._bulk.insert(link_requests, ("person_id", "tried", "kept_until"), new, update=("person_id",))
        [row] = await self._bulk.matching(link_requests, ("person_id",), [(person_id,)])
        return asking_of(row)

    async def by_number(self, request_no: int) -> Request | None:
        return next(iter(await self._locked("request_no", request_no)), None)

    async def by_start(self, start: str) -> Request | None:
        return next(iter(await self._locked("start", start)), None)

    async def of_account(self, account: AccountId) -> Sequence[Request]:
        return sorted(await self._locked("account", account), key=lambda request: request.asked_at, reverse=True)

    async def _locked(self, column: str, value: object) -> list[Request]:
        """What has the value still once it is locked."""
        found = await self._bulk.matching(link_requests, (column,), [(value,)])
        rows = await self._bulk.locked(link_requests, [(row.person_id,) for row in found])
        return [request_of(row) for row in rows if getattr(row, column) == value]

    async def write(self, asking: Asking) -> None:
        await self._bulk.insert(link_requests, ASKING, [asking_row(asking)], update=ASKING[1:])

    async def write_request(self, request: Request) -> None:
        asking = await self.asking(request.person_id)
        if asking.request is not None and asking.request.request_no == request.request_no:
            await self.write(Asking(asking.person_id, asking.tried, request))


class Failures:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def of(self, issuer: str) -> Instants:
        await self._bulk.insert(link_failures, ("issuer", "failed"), [(issuer, [])], update=("issuer",))
        [row] = await self._bulk.matching(link_failures, ("issuer",), [(issuer,)])
        return instants_of(row.failed)

    async def write(self, issuer: str, failures: Instants) -> None:
        row: tuple[Any, ...] = (issuer, microseconds(failures))
        await self._bulk.insert(link_failures, ("issuer", "failed"), [row], update=("failed",))


class LinkedPhones:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def keep(self, phone: LinkedPhone) -> None:
        await self._bulk.insert(phones, PHONE, [phone_row(phone)], update=PHONE[2:])

    async def erase(self, person_id: PersonId, provider: str) -> None:
        await self._bulk.delete(phones, ("person_id", "provider"), [(person_id, provider)])


class SignIns:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def of(self, session: str) -> SignIn | None:
        rows = await self._bulk.locked(sign_ins, [(session,)])
        return next(map(sign_in_of, rows), None)

    async def write(self, sign_in: SignIn) -> None:
        await self._bulk.insert(sign_ins, SIGN_IN, [sign_in_row(sign_in)], update=SIGN_IN[1:])

    async def erase(self, session: str) -> None:
        await self._bulk.delete(sign_ins, ("session",), [(session,)])
