"""The MAX dialect's partner operations on phones: whose one is, and codes that are sent to one."""

from __future__ import annotations

from adapters.simulator.codes import digits_of
from adapters.simulator.exchange import Answer, Ask
from adapters.simulator.max_bodies import Payload, json_object, text
from adapters.simulator.world import World

OF_MAX = "max"
NOT_FOUND = Answer(404, {"code": "not.found", "message": "User not found"})
WRONG_CODE = Answer(400, {"code": "code.wrong", "message": "The code is wrong, used or too old"})


def resolve(world: World, ask: Ask) -> Answer:
    users = world.with_phone(_phone(ask))
    return Answer(200, {"user_id": users[0].user_id}) if users else NOT_FOUND


def send_code(world: World, ask: Ask) -> Answer:
    phone = _phone(ask)
    code = world.codes.send(phone, ask.at, of=OF_MAX)
    return Answer(200, {"request_id": code.request_id, "known": bool(world.with_phone(phone))})


def check_code(world: World, ask: Ask) -> Answer:
    """Whose the phone is; whoever is new is registered by it."""
    told = text(json_object(ask.body), "code") or ""
    code = world.codes.take(ask.path["request_id"], told, ask.at, of=OF_MAX)
    if code is None:
        return WRONG_CODE
    known = world.with_phone(code.phone)
    user = known[0] if known else world.register(code.phone)
    return Answer(200, {"user_id": user.user_id})


def _phone(ask: Ask) -> str:
    phone = text(json_object(ask.body), "phone") or ""
    if not 8 <= len(digits_of(phone)) <= 15:
        raise Payload("phone: must be a phone number")
    return phone
