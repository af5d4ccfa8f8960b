"""What has to be set before a platform can post updates to us."""

from __future__ import annotations

import re

from yarl import URL

from rollcall.output import Exit, Failed
from rollcall.settings import Settings, is_stand_in

SECRET = re.compile(r"[A-Za-z0-9_-]{5,256}")  # SubscriptionRequestBody.secret, schema 0.0.33, read on 2026-11-22


def webhook_of(settings: Settings) -> tuple[str, str]:
    """Our public address and the secret that MAX is to send with what it posts there.

    Raises:
        Failed: one of them is not set, or MAX would not take it. Names no secret.
    """
    secret = settings.max_webhook_secret.get_secret_value() if settings.max_webhook_secret is not None else None
    if settings.public_url is None or secret is None:
        raise _failed("needs PUBLIC_URL, where MAX reaches this server, and MAX_WEBHOOK_SECRET")
    if not SECRET.fullmatch(secret):
        raise _failed("needs a MAX_WEBHOOK_SECRET of 5 to 256 of A-Z, a-z, 0-9, _ and -")
    if not _is_public(settings.public_url, plain=is_stand_in(settings)):
        raise _failed(f"needs a PUBLIC_URL with https and port 443: MAX posts to no other; it is {settings.public_url}")
    return settings.public_url, secret


def _is_public(public_url: str, *, plain: bool) -> bool:
    """Whether updates can be posted to the address; with `plain` to any address, for the simulator."""
    try:
        url = URL(public_url)
    except ValueError:
        return False
    if url.host is None or url.user is not None or url.query_string or url.fragment:
        return False
    return url.scheme in {"http", "https"} if plain else url.scheme == "https" and url.port == 443


def _failed(why: str) -> Failed:
    return Failed(f"ROLLCALL_MAX_UPDATES=webhook {why}", Exit.WRONG_USAGE)
