"""Contacts as people share them: a vCard, and the hash by which the platform vouches for it."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from adapters.simulator.codes import digits_of
from adapters.simulator.entities import Refused, User, Why
from adapters.simulator.ground import Ground
from adapters.simulator.max_updates import user_body


def contact_attachment(ground: Ground, of: User, token: str, *, forged: bool = False) -> dict[str, Any]:
    """A user's contact; a forged one says the same, and the platform does not vouch for it.

    The hash is `hex(HMAC_SHA256(bot_token, vcf_info))`; contact attachment, schema 0.0.33, read on 2026-11-22.
    """
    if not of.phone:
        raise Refused(Why.NO_PHONE)
    vcard = vcard_of(of)
    key = "somebody else's" if forged else token
    vouched = hmac.new(key.encode(), vcard.encode(), sha256).hexdigest()
    payload = {"vcf_info": vcard, "hash": vouched, "max_info": user_body(ground, of.user_id)}
    return {"type": "contact", "payload": payload}


def vcard_of(user: User) -> str:
    name = f"{user.first_name} {user.last_name}".strip()
    lines = ("BEGIN:VCARD", "VERSION:3.0", "PRODID:ez-vcard", f"TEL;TYPE=cell:{digits_of(user.phone or '')}",
             f"FN:{name}", "END:VCARD")  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines)
