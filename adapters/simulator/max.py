"""The MAX dialect: the Bot API's chats and members (schema 0.0.33, read on 2026-11-22), and the partner operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from adapters.simulator.entities import SERVICE_ID, Refused, Why
from adapters.simulator.exchange import Answer, Ask, Dialect, Exchange, Handler, Simulation, answered
from adapters.simulator.limits import SlidingSecond
from adapters.simulator.max_bodies import (
    AT_ONCE,
    Payload,
    array,
    chat_body,
    dialog_body,
    json_object,
    member_bodies,
    member_body,
    number,
    numbers,
    permissions_of,
    text,
    title,
)
from adapters.simulator.max_events import TOO_MANY, Events
from adapters.simulator.max_phones import check_code, resolve, send_code
from adapters.simulator.max_updates import user_body
from adapters.simulator.world import World

OK = {"success": True}


def error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"code": code, "message": message})


def refusal(message: str) -> Answer:
    """The other way to say no: HTTP 200."""
    return Answer(200, {"success": False, "message": message})


WRONG_TOKEN = error(401, "verify.token", "Invalid access_token")
SERVER_ERRORS = (error(500, "internal.error", "Internal error"), Answer(502, "Bad gateway"))
REFUSALS = {
    Why.UNKNOWN_CHAT: error(404, "chat.not.found", "Chat not found"),
    Why.NO_RIGHT: error(403, "chat.denied", "No access to the chat"),
    Why.ARCHIVED: error(403, "chat.denied", "The chat is closed"),
    Why.OWNER: error(403, "access.denied", "The owner can not be changed"),
    Why.TOO_MANY_ADMINS: error(400, "proto.payload", "Too many administrators"),
    Why.NOT_A_MEMBER: refusal("User is not a member of the chat"),
    Why.FULL: refusal("The chat is full"),
    Why.UNKNOWN_USER: error(404, "not.found", "User not found"),
    Why.UNKNOWN_PRESS: error(404, "not.found", "Callback not found"),
}
FAILURES = {Why.PRIVACY: "add.participant.privacy", Why.UNKNOWN_USER: "add.participant.not.found"}


def max_dialect(simulation: Simulation) -> Callable[[], web.Application]:
    """Makes the dialect's routes, for each place that they are mounted at; the limits are those of the token, wherever
    it is used.
    """
    dialect = Dialect("max", _token, WRONG_TOKEN, TOO_MANY, SERVER_ERRORS, lambda _: Answer(200, OK))
    to = Exchange(simulation, dialect, SlidingSecond(simulation.requests_per_second))
    events = Events(simulation)
    return lambda: _max_app(to, events)


def _max_app(to: Exchange, events: Events) -> web.Application:
    chat, members, admins = r"/chats/{chat_id:-?\d+}", r"/chats/{chat_id:-?\d+}/members", "/admins"
    app = web.Application(middlewares=[_told])
    app.add_routes([
        web.get("/me", to.reads(asked(get_bot))),
        web.get("/subscriptions", to.unstruck(events.subscriptions)),
        web.post("/subscriptions", to.unstruck(events.subscribe)),
        web.delete("/subscriptions", to.unstruck(events.unsubscribe)),
        web.get("/updates", to.unstruck(events.updates, events.polls)),
        web.post("/messages", to.writes("message", asked(events.send))),
        web.post("/answers", to.writes("answer", asked(events.answer))),
        web.post("/users/resolve", to.reads(asked(resolve))),
        web.post("/users/codes", to.writes("send_code", asked(send_code))),
        web.post(r"/users/codes/{request_id:[\w-]+}", to.writes("check_code", asked(check_code))),
        web.post("/chats", to.writes("create_chat", asked(create_chat))),
        web.get(chat, to.reads(asked(get_chat))),
        web.patch(chat, to.writes("rename", asked(rename))),
        web.delete(chat, to.writes("archive", asked(archive))),
        web.get(members, to.reads(asked(get_members))),
        web.post(members, to.writes("add", asked(add_members))),
        web.delete(members + "{_:/?}", to.writes("remove", asked(remove_member))),
        web.get(members + "/me", to.reads(asked(get_me))),
        web.get(members + admins, to.reads(asked(get_admins))),
        web.post(members + admins, to.writes("set_admin", asked(post_admins))),
        web.delete(members + admins + r"/{user_id:\d+}", to.writes("unset_admin", asked(delete_admin))),
    ])  # fmt: skip
    return app


def asked(handler: Handler) -> Handler:
    """The handler, with what goes wrong in it told the dialect's way."""

    def answer(world: World, ask: Ask) -> Answer:
        try:
            return handler(world, ask)
        except Payload as wrong:
            return error(400, "proto.payload", str(wrong))
        except Refused as refused:
            return REFUSALS[refused.why]

    return answer


@web.middleware
async def _told(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Tells the dialect's way what a request should not hold, and that there is no such path or method."""
    try:
        response: web.StreamResponse = await handler(request)
    except Payload as wrong:
        return answered(error(400, "proto.payload", str(wrong)))
    except web.HTTPNotFound:
        return answered(error(404, "not.found", "Unknown path"))
    except web.HTTPMethodNotAllowed as wrong:
        refused = answered(error(405, "method.not.allowed", "Method is not allowed"))
        refused.headers["Allow"] = wrong.headers["Allow"]
        return refused
    return response


def get_bot(world: World, _ask: Ask) -> Answer:
    return Answer(200, user_body(world, SERVICE_ID) | {"description": None, "commands": []})


def create_chat(world: World, ask: Ask) -> Answer:
    body = json_object(ask.body)
    chat = world.create_chat(title(body), ask.at, client_ref=text(body, "client_ref"))
    return Answer(200, chat_body(chat), chat.chat_id)


def get_chat(world: World, ask: Ask) -> Answer:
    if partner := world.partner(_chat_id(ask)):
        return Answer(200, dialog_body(world, partner))
    return Answer(200, chat_body(world.managed(_chat_id(ask))))


def rename(world: World, ask: Ask) -> Answer:
    return Answer(200, chat_body(world.rename(_chat_id(ask), title(json_object(ask.body)), ask.at)))


def archive(world: World, ask: Ask) -> Answer:
    world.archive(_chat_id(ask))
    return Answer(200, OK)


def get_members(world: World, ask: Ask) -> Answer:
    """`user_ids` asks for those alone; otherwise a page of `count` after `marker`, by id."""
    if "user_ids" in ask.query:
        chat, wanted = world.managed(_chat_id(ask)), numbers(",".join(ask.query.getall("user_ids")).split(","))
        found = [(user_id, chat.members[user_id]) for user_id in wanted if user_id in chat.members]
        return Answer(200, {"members": member_bodies(world, found)})
    count = number(ask.query.get("count", "20"))
    if not 1 <= count <= AT_ONCE:
        raise Payload("count: must be from 1 to 100")
    page, more = world.page(_chat_id(ask), number(ask.query.get("marker", "0")), count)
    return Answer(200, {"members": member_bodies(world, page)} | ({"marker": page[-1][0]} if more else {}))


def add_members(world: World, ask: Ask) -> Answer:
    user_ids = numbers(array(json_object(ask.body), "user_ids"))
    unlucky = ask.fault.unlucky(user_ids)
    outcome = world.add(_chat_id(ask), [user_id for user_id in user_ids if user_id not in unlucky], ask.at)
    details = [
        {"error_code": code, "user_ids": sorted(user_id for user_id, told in outcome.refused.items() if told is why)}
        for why, code in FAILURES.items()
        if why in outcome.refused.values()
    ]
    if not outcome.refused and not unlucky:
        return Answer(200, OK, changed=outcome.added)
    # Whether anybody failed is in the lists alone: `success` does not tell.
    body: dict[str, Any] = {"success": bool(outcome.added), "failed_user_ids": sorted({*outcome.refused, *unlucky})}
    return Answer(200, body | {"failed_user_details": details}, changed=outcome.added)


def remove_member(world: World, ask: Ask) -> Answer:
    user_id = number(ask.query.get("user_id", ""))
    if user_id not in world.managed(_chat_id(ask), "add_remove_members").members:
        return error(404, "not.found", "User not found")
    world.remove(_chat_id(ask), user_id, ask.at)
    return Answer(200, OK, changed=(user_id,))


def get_me(world: World, ask: Ask) -> Answer:
    chat = world.managed(_chat_id(ask))
    return Answer(200, member_body(world, SERVICE_ID, chat.members[SERVICE_ID]))


def get_admins(world: World, ask: Ask) -> Answer:
    members = world.managed(_chat_id(ask)).members
    return Answer(
        200, {"members": member_bodies(world, [item for item in sorted(members.items()) if item[1].is_admin])}
    )


def post_admins(world: World, ask: Ask) -> Answer:
    admins = array(json_object(ask.body), "admins")
    if not all(isinstance(admin, dict) for admin in admins):
        raise Payload("admins: must be objects")
    user_ids = numbers([admin.get("user_id") for admin in admins])
    permissions = dict(zip(user_ids, map(permissions_of, admins), strict=True))
    return Answer(200, OK, changed=world.set_admins(_chat_id(ask), permissions))


def delete_admin(world: World, ask: Ask) -> Answer:
    user_id = int(ask.path["user_id"])
    was_admin = world.unset_admin(_chat_id(ask), user_id)
    return Answer(200, OK, changed=(user_id,) if was_admin else ())


async def _token(request: web.Request) -> str | None:
    return request.headers.get("Authorization")


def _chat_id(ask: Ask) -> int:
    return int(ask.path["chat_id"])
