"""Who may ask what: bearer tokens, their scopes, their schools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.web.doors import ACCOUNTS, EVENTS, OPERATE, READ, CheckToken, Grant
from adapters.web.problems import Problem, not_found, problem, response
from sync.errors import StoreUnavailable

OPEN = frozenset({"/livez", "/readyz", "/metrics", "/v1/openapi.json"})
OWN_SECRET = "/webhooks/"  # noqa: S105 - a path

BEARER = HTTPBearer(auto_error=False, description="A token of `rollcall tokens create`.")


class Authenticated:
    """Answers nobody without a token that is known, save on the few paths that are open."""

    def __init__(self, app: ASGIApp, check: CheckToken) -> None:
        self._app = app
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN or scope["path"].startswith(OWN_SECRET):
            await self._app(scope, receive, send)
            return
        try:
            grant = await self._grant(scope)
        except StoreUnavailable:
            refusal = response(problem(503, detail="The database does not answer"), {"Retry-After": "1"})
            await refusal(scope, receive, send)
            return
        if grant is None:
            refusal = response(problem(401, detail="A bearer token is needed"), {"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})["grant"] = grant
        await self._app(scope, receive, send)

    async def _grant(self, scope: Scope) -> Grant | None:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(given) != 1:
            return None
        kind, _, token = given[0].decode("latin-1").partition(" ")
        return await self._check(token.strip()) if kind.lower() == "bearer" and token.strip() else None


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


def in_school(organisation_id: str, grant: Grant) -> str:
    """The id, if the token is for that school.

    Raises:
        Problem: 404, as of an id that is not known.
    """
    if grant.schools is not None and organisation_id not in grant.schools:
        raise not_found()
    return organisation_id
