"""The VK dialect: `POST /method/{name}` with the token and the version in the form; errors as HTTP 200."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from adapters.simulator.exchange import Answer, Ask, Deed, Dialect, Exchange, Simulation
from adapters.simulator.limits import SlidingSecond
from adapters.simulator.vk_bodies import Params, Wrong
from adapters.simulator.vk_methods import METHODS, Done, asked
from adapters.simulator.vk_script import NotCompiled, ScriptCall, TooManyCalls, calls_of
from adapters.simulator.world import World

PER_SECOND = 3  # requests of a user's token; `execute` is one
EXECUTE = "execute"


def error(code: int, message: str) -> Answer:
    return Answer(200, {"error": {"error_code": code, "error_msg": message}})


WRONG_TOKEN = error(5, "User authorization failed: invalid access_token (4).")
TOO_MANY = error(6, "Too many requests per second")
SERVER_ERRORS = (error(10, "Internal server error"), error(1, "Unknown error occurred"), Answer(502, "Bad gateway"))
UNLUCKY = Wrong(9, "Flood control")
ADDS = "messages.addChatUser"


def vk_dialect(simulation: Simulation) -> web.Application:
    dialect = Dialect("vk", _token, WRONG_TOKEN, TOO_MANY, SERVER_ERRORS, _lie)
    limit = SlidingSecond(PER_SECOND if simulation.requests_per_second else 0)
    to = Exchange(simulation, dialect, limit)
    app = web.Application()
    app.add_routes([web.post("/method/{method}", to.does(_deed, answered))])
    return app


def answered(world: World, ask: Ask) -> Answer:
    method, params = ask.path["method"], _form(ask.body)
    if "v" not in params:
        return error(8, "Invalid request: v is required")
    try:
        return executed(world, ask, params) if method == EXECUTE else _alone(world, ask, method, params)
    except Wrong as wrong:
        return error(wrong.code, wrong.message)


def _alone(world: World, ask: Ask, method: str, params: Params) -> Answer:
    done = _call(world, ask, (method, params), _unlucky(ask, [(method, params)]))
    return Answer(200, {"response": done.response}, done.chat_id, done.changed)


def executed(world: World, ask: Ask, params: Params) -> Answer:
    """Each call by itself, in their order: one that fails answers false, and is told of in `execute_errors`."""
    calls = _script(params)
    unlucky = _unlucky(ask, calls)
    responses: list[Any] = []
    errors: list[dict[str, Any]] = []
    chat_id: int | None = None
    changed: list[int] = []
    for call in calls:
        try:
            done = _call(world, ask, call, unlucky)
        except Wrong as wrong:
            responses.append(False)
            errors.append({"method": call[0], "error_code": wrong.code, "error_msg": wrong.message})
        else:
            responses.append(done.response)
            chat_id = done.chat_id if chat_id is None else chat_id
            changed += done.changed
    told = {"response": responses} | ({"execute_errors": errors} if errors else {})
    return Answer(200, told, chat_id, tuple(dict.fromkeys(changed)))


def _call(world: World, ask: Ask, call: ScriptCall, unlucky: frozenset[int]) -> Done:
    method, params = call
    if method not in METHODS:
        raise Wrong(3, "Unknown method passed")
    if method == ADDS and _user_id(params) in unlucky:
        raise UNLUCKY
    return METHODS[method](world, params, ask.at)


def _unlucky(ask: Ask, calls: Sequence[ScriptCall]) -> frozenset[int]:
    return ask.fault.unlucky([_user_id(params) for method, params in calls if method == ADDS])


def _user_id(params: Params) -> int:
    named = str(params.get("user_id", ""))
    return int(named) if named.isdecimal() else 0


def _script(params: Params) -> list[ScriptCall]:
    try:
        return calls_of(str(params.get("code", "")))
    except TooManyCalls as wrong:
        raise Wrong(13, f"Runtime error occurred during code invocation: {wrong}") from wrong
    except NotCompiled as wrong:
        raise Wrong(12, f"Unable to compile code: {wrong}") from wrong


def _deed(request: web.Request, body: bytes) -> Deed | None:
    """In the log an `execute` is one call: what its first write asks for."""
    return next(iter(_deeds(request.match_info["method"], body)), None)


def _deeds(method: str, body: bytes) -> list[Deed]:
    params = _form(body)
    if method != EXECUTE:
        deed = asked(method, params)
        return [deed] if deed is not None else []
    try:
        calls = _script(params)
    except Wrong:
        return []
    return [deed for call in calls if (deed := asked(*call)) is not None]


def _lie(body: bytes) -> Answer:
    """A success for each call, and nothing done."""
    params = _form(body)
    if "code" not in params:
        return Answer(200, {"response": 1})
    try:
        return Answer(200, {"response": [1 for _ in _script(params)]})
    except Wrong as wrong:
        return error(wrong.code, wrong.message)


async def _token(request: web.Request) -> str | None:
    return _form(await request.read()).get("access_token")


def _form(body: bytes) -> Mapping[str, str]:
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
