"""The MAX dialect's way out: subscriptions, long polling, and what the bot writes. No faults strike the first two."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from adapters.simulator.exchange import Answer, Ask, Simulation
from adapters.simulator.feed import Subscription
from adapters.simulator.limits import SlidingSecond
from adapters.simulator.max_bodies import Payload, array, json_object, number, text
from adapters.simulator.max_updates import message_body, milliseconds
from adapters.simulator.world import World

POLLS_A_SECOND = 2
MESSAGES_A_SECOND = 2  # in one chat
LONGEST_TEXT = 4000
MOST_UPDATES, LONGEST_WAIT_S = 1000, 90


class Events:
    """Answers for one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        limited = simulation.requests_per_second > 0
        self._polls = SlidingSecond(POLLS_A_SECOND if limited else 0)
        self._messages = SlidingSecond(MESSAGES_A_SECOND if limited else 0)

    async def subscriptions(self, request: web.Request) -> web.Response:
        self._authorised(request)
        told = [
            {"url": each.url, "time": each.since_ms, "update_types": sorted(each.update_types) or None}
            for each in self._simulation.feed.subscriptions.values()
        ]
        return web.json_response({"subscriptions": told})

    async def subscribe(self, request: web.Request) -> web.Response:
        self._authorised(request)
        body = json_object(await request.read())
        kinds = frozenset(map(str, array(body, "update_types"))) if body.get("update_types") else frozenset[str]()
        url, secret = text(body, "url") or "", text(body, "secret")
        self._simulation.feed.subscribe(Subscription(url, secret, kinds, milliseconds(self._simulation.now())))
        return web.json_response({"success": True})

    async def unsubscribe(self, request: web.Request) -> web.Response:
        self._authorised(request)
        known = self._simulation.feed.subscriptions.pop(request.query.get("url", ""), None)
        return web.json_response({"success": known is not None})

    async def updates(self, request: web.Request) -> web.Response:
        self._authorised(request)
        if not self._polls.admits("polls", self._simulation.clock()):
            raise _refused(web.HTTPTooManyRequests, "too.many.requests", "Too many requests")
        query = request.query
        marker = number(query["marker"]) if "marker" in query else None
        limit, timeout_s = number(query.get("limit", "100")), number(query.get("timeout", "30"))
        if not (1 <= limit <= MOST_UPDATES and 0 <= timeout_s <= LONGEST_WAIT_S):
            raise Payload("limit: must be from 1 to 1000; timeout: from 0 to 90")
        kinds = frozenset(filter(None, query.get("types", "").split(",")))
        found, following = await self._simulation.feed.after(marker, kinds, limit, timeout_s)
        return web.json_response({"updates": found, "marker": following})

    def _authorised(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != self._simulation.token:
            raise _refused(web.HTTPUnauthorized, "verify.token", "Invalid access_token")

    def send(self, world: World, ask: Ask) -> Answer:
        """`POST /messages?chat_id=` or `?user_id=`."""
        where = {name: number(ask.query[name]) for name in ("chat_id", "user_id") if name in ask.query}
        if len(where) != 1:
            raise Payload("chat_id or user_id is needed")
        if not self._messages.admits(str(where), self._simulation.clock()):
            return Answer(429, {"code": "too.many.requests", "message": "Too many messages"})
        body = json_object(ask.body)
        written, attachments = text(body, "text") or "", array(body, "attachments") if body.get("attachments") else []
        if len(written) > LONGEST_TEXT or not (written or attachments):
            raise Payload("text: size must be between 1 and 4000")
        message = world.send(ask.at, written, attachments, **where)
        return Answer(200, {"message": message_body(world, message)}, message.chat_id)


@web.middleware
async def payloads_told(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Tells what a request should not hold the dialect's way."""
    try:
        response: web.StreamResponse = await handler(request)
    except Payload as wrong:
        return web.json_response({"code": "proto.payload", "message": str(wrong)}, status=400)
    return response


def _refused(refusal: type[web.HTTPException], code: str, message: str) -> web.HTTPException:
    return refusal(text=json.dumps({"code": code, "message": message}), content_type="application/json")
