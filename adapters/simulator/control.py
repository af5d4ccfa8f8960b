"""What stands beside the dialects: seeing and arranging the world. No token is asked for.

    GET  /_sim/chats    every chat and who is in it
    GET  /_sim/calls    the log of writes, oldest first; `?after=SEQ` only what came since
    POST /_sim/users    {user_id, phone, first_name, last_name, privacy?, password?, study_profile?, patronymic?,
                        birthday?, sex?} or a list of them; what follows `privacy` is of VK ID
    POST /_sim/faults   {seed, rates, latency_ms, until_calls?}; {} clears; `until_calls` counts every request from now
    POST /_sim/reset    an empty world, no faults

What people and platforms do by themselves, which the service can only find out:

    POST /_sim/chats/{chat_id}/leave    {user_id}   somebody leaves
    POST /_sim/chats/{chat_id}/join     {user_id}   somebody comes in by a link
    POST /_sim/chats/{chat_id}/delete               the chat is gone: chat.not.found from now on
    POST /_sim/chats/{chat_id}/rights   {lost}      the service loses its rights in the chat, or has them back
    POST /_sim/chats/{chat_id}/limit    {members}   how many members it takes; null: as many as want to
    POST /_sim/chats                    {user_id, title, user_ids?}   somebody makes a chat of their own: {chat_id}
    POST /_sim/chats/{chat_id}/bot      {user_id, permissions?}       an administrator adds the bot, or changes what it
                                        may do: by default all that it can; [] leaves it a plain member
    POST /_sim/chats/{chat_id}/bot/remove {user_id}                   an administrator takes it out
    POST /_sim/chats/{chat_id}/messages {user_id, text}               a member writes: {mid}
    POST /_sim/chats/{chat_id}/invite   {by, user_id}                 a member adds somebody
    POST /_sim/chats/{chat_id}/expel    {by, user_id}                 an administrator removes somebody
    POST /_sim/chats/{chat_id}/promote  {by, user_id, is_admin}       … makes somebody an administrator, or no more
    POST /_sim/chats/{chat_id}/title    {by, title}                   … gives the chat another title
    POST /_sim/messages/{mid}/press     {user_id, payload}            … presses a button of a message: {callback_id}
    GET  /_sim/messages                 what was written, by people and by the bot, oldest first
    POST /_sim/bot/start                {user_id, payload?}           … opens the bot, by a deep link if with a payload
    POST /_sim/contacts                 {user_id, of?, forged?}       … shares a contact with the bot, by default the
                                        own one: {mid}; forged: one that the platform does not vouch for
    POST /_sim/vkid/applications        {client_id, service, manual: 001 | 002 | 004}   who signs people in by VK ID:
                                        its name there, and the manual whose order the screens have
    GET  /_sim/codes                    codes that went to phones, of MAX and of VK ID, oldest first
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from typing import Any

from aiohttp import web

from adapters.simulator.deeds import Deeds
from adapters.simulator.entities import Call, Chat, Refused, User, Why
from adapters.simulator.exchange import Simulation
from adapters.simulator.faults import Faults, Plan
from adapters.simulator.vkid.books import Application


def control_app(simulation: Simulation) -> web.Application:
    """The control calls, to be mounted at /_sim."""
    control, deeds = Control(simulation), Deeds(simulation)
    chat = r"/chats/{chat_id:-?\d+}"
    app = web.Application(middlewares=[_told], client_max_size=64 * 1024**2)
    app.add_routes([
        web.get("/chats", control.chats),
        web.get("/calls", control.calls),
        web.post("/users", control.users),
        web.post("/faults", control.faults),
        web.post("/reset", control.reset),
        web.post(chat + "/leave", control.leave),
        web.post(chat + "/join", control.join),
        web.post(chat + "/delete", control.delete),
        web.post(chat + "/rights", control.rights),
        web.post(chat + "/limit", control.limit),
        web.post("/chats", deeds.make_chat),
        web.post(chat + "/bot", deeds.put_bot),
        web.post(chat + "/bot/remove", deeds.remove_bot),
        web.post(chat + "/messages", deeds.post),
        web.post(chat + "/invite", deeds.invite),
        web.post(chat + "/expel", deeds.expel),
        web.post(chat + "/promote", deeds.promote),
        web.post(chat + "/title", deeds.retitle),
        web.post("/messages/{mid}/press", deeds.press),
        web.get("/messages", deeds.messages),
        web.post("/bot/start", deeds.start_bot),
        web.post("/contacts", deeds.share_contact),
        web.get("/codes", deeds.codes),
        web.post("/vkid/applications", control.put_application),
    ])  # fmt: skip
    return app


class Control:
    """Answers the control calls of one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def chats(self, _request: web.Request) -> web.Response:
        return web.json_response([_chat(chat) for chat in self._simulation.world.chats.values()])

    async def calls(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        return web.json_response([_call(call) for call in self._simulation.world.calls[after:]])

    async def users(self, request: web.Request) -> web.Response:
        body = await request.json()
        users = [
            User(**user | {"user_id": int(user["user_id"])}) for user in (body if isinstance(body, list) else [body])
        ]
        self._simulation.world.put_users(users)
        return web.json_response({"users": len(users)})

    async def faults(self, request: web.Request) -> web.Response:
        self._simulation.faults = Faults(Plan(**await request.json()))
        return web.json_response(asdict(self._simulation.faults.plan))

    async def reset(self, _request: web.Request) -> web.Response:
        self._simulation.reset()
        return web.json_response({})

    async def leave(self, request: web.Request) -> web.Response:
        user_id = int((await request.json())["user_id"])
        self._simulation.world.leave(_chat_id(request), user_id, self._simulation.now())
        return web.json_response({})

    async def join(self, request: web.Request) -> web.Response:
        user_id = int((await request.json())["user_id"])
        self._simulation.world.join(_chat_id(request), user_id, self._simulation.now())
        return web.json_response({})

    async def delete(self, request: web.Request) -> web.Response:
        self._simulation.world.delete_chat(_chat_id(request))
        return web.json_response({})

    async def rights(self, request: web.Request) -> web.Response:
        lost = bool((await request.json())["lost"])
        self._simulation.world.set_rights(_chat_id(request), lost=lost, at=self._simulation.now())
        return web.json_response({})

    async def put_application(self, request: web.Request) -> web.Response:
        body = await request.json()
        application = Application(str(body["service"]), str(body["manual"]))
        self._simulation.vk_id.applications[str(body["client_id"])] = application
        return web.json_response({})

    async def limit(self, request: web.Request) -> web.Response:
        most = (await request.json())["members"]
        self._simulation.world.set_most(_chat_id(request), None if most is None else int(most))
        return web.json_response({})


@web.middleware
async def _told(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Tells wrong control calls instead of failing on them."""
    try:
        response: web.StreamResponse = await handler(request)
    except Refused as refused:
        return web.json_response({"error": str(refused)}, status=404 if refused.why is Why.UNKNOWN_CHAT else 409)
    except (KeyError, TypeError, ValueError) as wrong:
        return web.json_response({"error": f"{type(wrong).__name__}: {wrong}"}, status=400)
    return response


def _chat_id(request: web.Request) -> int:
    return int(request.match_info["chat_id"])


def _chat(chat: Chat) -> dict[str, Any]:
    members = [
        {"user_id": user_id, "is_admin": member.is_admin, "is_owner": member.is_owner}
        for user_id, member in chat.members.items()
    ]
    return {"chat_id": chat.chat_id, "title": chat.title, "archived": chat.archived, "members": members}


def _call(call: Call) -> dict[str, Any]:
    at = call.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "seq": call.seq, "at": at, "dialect": call.dialect, "action": call.action, "chat_id": call.chat_id,
        "user_ids": call.user_ids, "method": call.method, "path": call.path, "status": call.status,
        "answered": call.answered,
    }  # fmt: skip
