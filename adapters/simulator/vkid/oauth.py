"""VK ID's addresses for applications: tokens for a code, whose they are, and their end (read on 2026-11-22)."""

from __future__ import annotations

import asyncio
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

from aiohttp import web

from adapters.simulator.codes import digits_of
from adapters.simulator.entities import User
from adapters.simulator.exchange import NONSENSE, Simulation, broken_off
from adapters.simulator.faults import Kind
from adapters.simulator.vkid.books import TOKEN_LASTS, Grant

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SEXES = {"Женский": 1, "Мужской": 2}


class OAuth:
    """Answers for one simulation. Errors are RFC 6749's, 5.2."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def tokens(self, request: web.Request) -> web.Response:
        """`POST /oauth2/auth`: the code in the body, the rest in the query or there, too."""
        given = await _given(request)
        if given.get("grant_type") != "authorization_code":
            return _error("unsupported_grant_type")
        needed = ("client_id", "redirect_uri", "code_verifier", "device_id", "state", "code")
        if not all(given.get(name) for name in needed):
            return _error("invalid_request")
        books, at = self._simulation.vk_id, self._simulation.now()
        grant = books.take(given["code"], at)
        if grant is None or not _is_for(grant, given):
            return _error("invalid_grant")
        body = {"access_token": books.open(grant, at), "token_type": "Bearer", "user_id": grant.user_id}
        told = {"expires_in": int(TOKEN_LASTS.total_seconds()), "state": given["state"], "scope": grant.asked.scope}
        return web.json_response(body | told)

    async def user_info(self, request: web.Request) -> web.Response:
        given = await _given(request)
        owner = self._simulation.vk_id.owner(given.get("access_token", ""), self._simulation.now())
        user = self._simulation.world.users.get(owner[0]) if owner is not None else None
        if owner is None or user is None:
            return _error("invalid_token", 401)
        return web.json_response({"user": _profile(user, owner[1])})

    async def revoke(self, request: web.Request) -> web.Response:
        token = (await _given(request)).get("access_token", "")
        known = self._simulation.vk_id.tokens.pop(token, None)
        return web.json_response({"response": 1}) if known is not None else _error("invalid_token", 401)


def _is_for(grant: Grant, given: Mapping[str, str]) -> bool:
    """Whether it is asked for by whom it was given to: the same application, browser, address, state and verifier."""
    asked, digest = grant.asked, sha256(given["code_verifier"].encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    pairs = (
        (asked.client_id, given["client_id"]), (asked.redirect_uri, given["redirect_uri"]),
        (asked.state, given["state"]), (grant.device_id, given["device_id"]), (asked.challenge, challenge),
    )  # fmt: skip
    return all(hmac.compare_digest(known.encode(), told.encode()) for known, told in pairs)


def _profile(user: User, scope: str) -> dict[str, Any]:
    """All that VK ID tells, wanted or not; the phone only where it was asked for."""
    body = {
        "user_id": str(user.user_id), "first_name": user.first_name, "last_name": user.last_name,
        "birthday": user.birthday, "sex": SEXES.get(user.sex, 0), "avatar": "", "verified": False,
    }  # fmt: skip
    return body | ({"phone": digits_of(user.phone)} if user.phone and "phone" in scope.split() else {})


def struck(simulation: Simulation, handler: Handler) -> Handler:
    """The handler, with the faults that were asked for."""

    async def answer(request: web.Request) -> web.StreamResponse:
        fault = simulation.faults.draw(request.method, request.path)
        await asyncio.sleep(fault.delay_s)
        if fault.kind is Kind.RESET_BEFORE:
            return broken_off(request)
        if fault.kind in _REFUSED:
            return _error(*_REFUSED[fault.kind])
        answer = await handler(request)
        if fault.kind is Kind.RESET_AFTER:
            return broken_off(request)
        if fault.kind is Kind.WRONG_JSON:
            return web.Response(text=fault.dice.choice(NONSENSE), content_type="application/json")
        return answer

    return answer


_REFUSED = {Kind.TOO_MANY: ("slow_down", 429), Kind.SERVER_ERROR: ("server_error", 500)}


async def _given(request: web.Request) -> dict[str, str]:
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return {**request.query, **form}


def _error(code: str, status: int = 400) -> web.Response:
    return web.json_response({"error": code, "error_description": ""}, status=status)
