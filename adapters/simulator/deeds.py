"""What people do with chats, as control calls."""

from __future__ import annotations

import re

from aiohttp import web

from adapters.simulator.contacts import contact_attachment
from adapters.simulator.entities import Refused, Why
from adapters.simulator.exchange import Simulation
from adapters.simulator.ground import ALL_PERMISSIONS
from adapters.simulator.max_updates import message_body

START = re.compile(r"[A-Za-z0-9_-]{1,128}")  # what a deep link may start the bot with


class Deeds:
    """Answers the control calls by which one simulation's people act."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def make_chat(self, request: web.Request) -> web.Response:
        body = await request.json()
        others = [int(user_id) for user_id in body.get("user_ids", [])]
        made = self._simulation.world.make_chat(
            int(body["user_id"]), str(body["title"]), self._simulation.now(), others
        )
        return web.json_response({"chat_id": made.chat_id})

    async def put_bot(self, request: web.Request) -> web.Response:
        body = await request.json()
        permissions = frozenset(map(str, body.get("permissions", ALL_PERMISSIONS)))
        if permissions - ALL_PERMISSIONS:
            raise ValueError("permissions: unknown")
        by = int(body["user_id"])
        self._simulation.world.put_service(_chat_id(request), by, permissions, self._simulation.now())
        return web.json_response({})

    async def remove_bot(self, request: web.Request) -> web.Response:
        by = int((await request.json())["user_id"])
        self._simulation.world.remove_service(_chat_id(request), by, self._simulation.now())
        return web.json_response({})

    async def post(self, request: web.Request) -> web.Response:
        body = await request.json()
        by, text = int(body["user_id"]), str(body["text"])
        message = self._simulation.world.post(_chat_id(request), by, text, self._simulation.now())
        return web.json_response({"mid": message.mid})

    async def invite(self, request: web.Request) -> web.Response:
        body = await request.json()
        by, user_id = int(body["by"]), int(body["user_id"])
        self._simulation.world.invite(_chat_id(request), by, user_id, self._simulation.now())
        return web.json_response({})

    async def expel(self, request: web.Request) -> web.Response:
        body = await request.json()
        by, user_id = int(body["by"]), int(body["user_id"])
        self._simulation.world.expel(_chat_id(request), by, user_id, self._simulation.now())
        return web.json_response({})

    async def promote(self, request: web.Request) -> web.Response:
        body = await request.json()
        by, user_id = int(body["by"]), int(body["user_id"])
        self._simulation.world.promote(_chat_id(request), by, user_id, is_admin=bool(body["is_admin"]))
        return web.json_response({})

    async def retitle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._simulation.world.retitle(_chat_id(request), int(body["by"]), str(body["title"]), self._simulation.now())
        return web.json_response({})

    async def press(self, request: web.Request) -> web.Response:
        body = await request.json()
        user_id, payload = int(body["user_id"]), str(body["payload"])
        press = self._simulation.world.press(request.match_info["mid"], user_id, payload, self._simulation.now())
        return web.json_response({"callback_id": press.callback_id})

    async def start_bot(self, request: web.Request) -> web.Response:
        body = await request.json()
        payload = body.get("payload")
        if payload is not None and not START.fullmatch(payload):
            raise ValueError("payload: up to 128 of A-Z, a-z, 0-9, _ and -")
        self._simulation.world.start_bot(int(body["user_id"]), payload, self._simulation.now())
        return web.json_response({})

    async def share_contact(self, request: web.Request) -> web.Response:
        body = await request.json()
        user_id, forged = int(body["user_id"]), bool(body.get("forged", False))
        world = self._simulation.world
        of = world.users.get(int(body.get("of", user_id)))
        if of is None:
            raise Refused(Why.UNKNOWN_USER)
        contact = contact_attachment(world, of, self._simulation.token, forged=forged)
        return web.json_response({"mid": world.share_contact(user_id, contact, self._simulation.now()).mid})

    async def codes(self, _request: web.Request) -> web.Response:
        sent = self._simulation.world.codes.sent
        now = self._simulation.now()
        return web.json_response([
            {"request_id": code.request_id, "phone": code.phone, "code": code.code, "by": code.by, "of": code.of,
             "good": code.is_good(now)}
            for code in sent
        ])  # fmt: skip

    async def messages(self, _request: web.Request) -> web.Response:
        world = self._simulation.world
        return web.json_response([message_body(world, message) for message in world.messages])


def _chat_id(request: web.Request) -> int:
    return int(request.match_info["chat_id"])
