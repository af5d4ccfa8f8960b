"""Contacts that people share with the bot: whether MAX vouches for one, and the phone in it. Pure."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from adapters.wire.phones import e164

_FOLD = re.compile(r"\r?\n[ \t]")
_PHONE = re.compile(r"^(?:[A-Za-z0-9-]+\.)?TEL(?:;[^:\r\n]*)?:(.*?)\s*$", re.MULTILINE | re.IGNORECASE)  # RFC 6350


@dataclass(frozen=True, slots=True)
class BotKey:
    """A bot's token, which MAX vouches with for what it tells that bot."""

    token: str = field(repr=False)

    def vouches(self, vcard: str, told: object) -> bool:
        """`hex(HMAC_SHA256(token, vcf_info))`; contact attachment, schema 0.0.33, read on 2026-11-22."""
        genuine = hmac.new(self.token.encode(), vcard.encode(errors="replace"), sha256).hexdigest()
        return isinstance(told, str) and hmac.compare_digest(told.lower().encode(errors="replace"), genuine.encode())


def own_phone(contact: Mapping[str, Any], sender: int, key: BotKey) -> str | None:
    """The phone of the sender's own contact; None of anybody else's, of one that MAX does not vouch for, and of one
    that does not name one phone.
    """
    vcard, about = contact.get("vcf_info"), contact.get("max_info")
    if not isinstance(vcard, str) or not isinstance(about, Mapping) or about.get("user_id") != sender:
        return None
    return _only_phone(vcard) if key.vouches(vcard, contact.get("hash")) else None


def _only_phone(vcard: str) -> str | None:
    phones = {e164(written) for written in _PHONE.findall(_FOLD.sub("", vcard))}
    return phones.pop() if len(phones) == 1 else None
