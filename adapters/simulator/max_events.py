"""The MAX dialect's way out: subscriptions, long polling, and what the bot writes. No faults strike the first two."""

from __future__ import annotations

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
TOO_MANY = Answer(429, {"code": "too.many.requests", "message": "Too many requests"})
MOST_UPDATES, LONGEST_WAIT_S = 1000, 90


class Events:
    """Answers for one simulation. `polls`: how often the updates may be asked for."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        limited = simulation.requests_per_second > 0
        self.polls = SlidingSecond(POLLS_A_SECOND if limited else 0)
        self._messages = SlidingSecond(MESSAGES_A_SECOND if limited else 0)

    async def subscriptions(self, _request: web.Request) -> web.Response:
        told = [
            {"url": each.url, "time": each.since_ms, "update_types": sorted(each.update_types) or None}
            for each in self._simulation.feed.subscriptions.values()
        ]
        return web.json_response({"subscriptions": told})

    async def subscribe(self, request: web.Request) -> web.Response:
        body = json_object(await request.read())
        kinds = frozenset(map(str, array(body, "update_types"))) if body.get("update_types") else frozenset[str]()
        url, secret = text(body, "url") or "", text(body, "secret")
        self._simulation.feed.subscribe(Subscription(url, secret, kinds, milliseconds(self._simulation.now())))
        return web.json_response({"success": True})

    async def unsubscribe(self, request: web.Request) -> web.Response:
        known = self._simulation.feed.subscriptions.pop(request.query.get("url", ""), None)
        return web.json_response({"success": known is not None})

    async def updates(self, request: web.Request) -> web.Response:
        query = request.query
        marker = number(query["marker"]) if "marker" in query else None
        limit, timeout_s = number(query.get("limit", "100")), number(query.get("timeout", "30"))
        if not (1 <= limit <= MOST_UPDATES and 0 <= timeout_s <= LONGEST_WAIT_S):
            raise Payload("limit: must be from 1 to 1000; timeout: from 0 to 90")
        kinds = frozenset(filter(None, query.get("types", "").split(",")))
        found, following = await self._simulation.feed.after(marker, kinds, limit, timeout_s)
        return web.json_response({"updates": found, "marker": following})

    def send(self, world: World, ask: Ask) -> Answer:
        """`POST /messages?chat_id=` or `?user_id=`."""
        where = {name: number(ask.query[name]) for name in ("chat_id", "user_id") if name in ask.query}
        if len(where) != 1:
            raise Payload("chat_id or user_id is needed")
        if not self._messages.admits(str(where), ask.arrived_s):
            return TOO_MANY
        written, attachments = _written(json_object(ask.body))
        if not (written or attachments):
            raise Payload("text: size must be between 1 and 4000")
        message = world.send(ask.at, written or "", attachments or (), **where)
        return Answer(200, {"message": message_body(world, message)}, message.chat_id)

    def answer(self, world: World, ask: Ask) -> Answer:
        """`POST /answers?callback_id=`: another text for the message, or a word to who pressed, which nobody keeps."""
        body = json_object(ask.body)
        changed = body.get("message") or {}
        if not isinstance(changed, dict) or not (changed or text(body, "notification")):
            raise Payload("message or notification is needed")
        world.answer(ask.query.get("callback_id", ""), *_written(changed))
        return Answer(200, {"success": True})


def _written(body: dict[str, Any]) -> tuple[str | None, list[Any] | None]:
    """Text and attachments, None where nothing is said of them."""
    written = text(body, "text")
    if len(written or "") > LONGEST_TEXT:
        raise Payload("text: size must be between 1 and 4000")
    return written, array(body, "attachments") if body.get("attachments") is not None else None
