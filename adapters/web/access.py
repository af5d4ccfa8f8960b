"""Who may ask what: bearer tokens, their scopes, their schools; and who did what."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.dependencies import ACCOUNTS, EVENTS, OPERATE, READ, Audit, CheckToken, Grant
from adapters.web.problems import Problem, not_found, problem, response
from sync.errors import StoreUnavailable
from sync.ids import OrganisationId

OPEN = frozenset({"/", "/livez", "/readyz", "/metrics", "/v1/openapi.json"})
READS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SECRET = "/webhooks/"  # noqa: S105 - a path
STATIC = "/static/"
REASON_HEADER, LONGEST_REASON = "X-Reason", 500  # characters

BEARER = HTTPBearer(auto_error=False, description="A token of `rollcall tokens create`.")


class Authenticated:
    """Answers nobody without a token that is known, save on the few paths that are open, and on pages. Whatever may
    change something is in the audit before it is done.
    """

    def __init__(self, app: ASGIApp, check: CheckToken, audit: Audit, pages: Iterable[str] = ()) -> None:
        self._app = app
        self._check, self._audit = check, audit
        self._pages = [compile_path(path)[0] for path in pages]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            grant = await self._grant(scope)
            entry = await self._begun(scope, send, grant) if grant is not None and _may_change(scope) else None
        except StoreUnavailable:
            refusal = response(problem(503, detail="The database does not answer"), {"Retry-After": "1"})
            await refusal(scope, receive, send)
            return
        if grant is None:
            refusal = response(problem(401, detail="A bearer token is needed"), {"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})["grant"] = grant
        try:
            await self._app(scope, receive, send if entry is None else entry.send)
        except Exception:
            if entry is not None:
                await entry.end(500)  # whoever answers so stands before us
            raise

    def _is_open(self, path: str) -> bool:
        own = path.startswith((OWN_SECRET, STATIC)) or any(page.match(path) for page in self._pages)
        return own or path in OPEN

    async def _begun(self, scope: Scope, send: Send, grant: Grant) -> _Entry:
        number = await self._audit.begin(grant.token_id, f"{scope['method']} {scope['path']}", _reason(scope))
        return _Entry(self._audit, number, scope, send)

    async def _grant(self, scope: Scope) -> Grant | None:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(given) != 1:
            return None
        kind, _, token = given[0].decode("latin-1").partition(" ")
        return await self._check(token.strip()) if kind.lower() == "bearer" and token.strip() else None


def _may_change(scope: Scope) -> bool:
    return scope["method"] not in READS


def _reason(scope: Scope) -> str | None:
    """Why, as whoever asks tells it: UTF-8, or percent-encoded by who cannot send that in a header."""
    given = next((value for name, value in scope["headers"] if name == REASON_HEADER.lower().encode()), b"")
    told = " ".join(unquote_to_bytes(given).decode(errors="replace").replace("\0", " ").split())
    return told[:LONGEST_REASON] or None


@dataclass(slots=True)
class _Entry:
    """A request in the audit, until it is answered."""

    audit: Audit
    number: int
    scope: Scope
    answer: Send
    ended: bool = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.end(message["status"])
        await self.answer(message)

    async def end(self, status: int) -> None:
        if self.ended:
            return
        self.ended = True
        with contextlib.suppress(StoreUnavailable):  # it is done, and stays in the audit without its answer
            await self.audit.end(self.number, status, self.scope["state"].get("outcomes"))


def _any_of(*scopes: str) -> Callable[[Request], Grant]:
    def granted(request: Request) -> Grant:
        grant: Grant = request.state.grant
        if not grant.scopes.intersection(scopes):
            raise Problem(403, f"The token's scopes do not permit this; {' or '.join(scopes)} does")
        return grant

    return granted


# Who operates a school has to see it.
Reader = Annotated[Grant, Depends(_any_of(READ, OPERATE))]
Operator = Annotated[Grant, Depends(_any_of(OPERATE))]
Writer = Annotated[Grant, Depends(_any_of(EVENTS, ACCOUNTS))]
Linker = Annotated[Grant, Depends(_any_of(ACCOUNTS))]
LinkReader = Annotated[Grant, Depends(_any_of(READ, OPERATE, ACCOUNTS))]

SIGNED_IN = [Security(BEARER)]


def in_school(organisation_id: OrganisationId, grant: Grant) -> OrganisationId:
    """The id, if the token is for that school.

    Raises:
        Problem: 404, as of an id that is not known.
    """
    if grant.schools is not None and organisation_id not in grant.schools:
        raise not_found()
    return organisation_id
