"""What is checked at start where a platform is to post its updates to us, and is to be trusted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from adapters.slots import Slots
from rollcall.output import Exit, Failed
from rollcall.platforms import open_platforms
from rollcall.roles import DISPATCH, PROCESS, SERVE, WEB, check_role
from rollcall.settings import Settings, SettingsError

SECRET = "a-secret_of-5-to-256"
PUBLIC = "https://rollcall.school.example"
POSTGRESQL = "postgresql://a:b@c:5432/d"


@pytest.fixture(autouse=True)
def _no_settings_of_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ROLLCALL_"):
            monkeypatch.delenv(name)


def settings(**of: Any) -> Settings:
    told = {"max_updates": "webhook", "public_url": PUBLIC, "max_webhook_secret": SECRET, "database_url": POSTGRESQL}
    return Settings(**told | of)


@pytest.mark.parametrize("public_url", [PUBLIC, f"{PUBLIC}/", f"{PUBLIC}:443/behind"])
def test_an_address_that_the_platform_posts_to_is_taken(public_url: str) -> None:
    check_role(SERVE, settings(public_url=public_url))


@pytest.mark.parametrize(
    ("of", "named"),
    [
        ({"public_url": None}, "PUBLIC_URL"),
        ({"public_url": "http://rollcall.school.example"}, "https and port 443"),
        ({"public_url": f"{PUBLIC}:8443"}, "https and port 443"),
        ({"public_url": "rollcall.school.example"}, "https and port 443"),
        ({"public_url": "https://"}, "https and port 443"),
        ({"public_url": "https://[rollcall"}, "https and port 443"),
        ({"public_url": f"{PUBLIC}/?a=b"}, "https and port 443"),
        ({"max_webhook_secret": None}, "MAX_WEBHOOK_SECRET"),
        ({"max_webhook_secret": "four"}, "5 to 256"),
        ({"max_webhook_secret": "with a blank"}, "5 to 256"),
        ({"max_webhook_secret": "s" * 257}, "5 to 256"),
    ],
)
@pytest.mark.parametrize("role", [SERVE, DISPATCH, WEB], ids=lambda role: role.name)
def test_what_the_platform_would_not_take_keeps_us_from_starting(role: Any, of: dict[str, Any], named: str) -> None:
    with pytest.raises(Failed, match=named) as caught:
        check_role(role, settings(**of))
    assert caught.value.code is Exit.WRONG_USAGE
    secret = of.get("max_webhook_secret")
    assert secret is None or secret not in str(caught.value)


def test_the_stand_in_posts_anywhere() -> None:
    check_role(SERVE, settings(public_url="http://127.0.0.1:8080", max_url="http://127.0.0.1:8090/max"))


def test_who_hears_no_platform_needs_no_address() -> None:
    check_role(PROCESS, settings(public_url=None))


def test_polling_needs_no_address() -> None:
    check_role(SERVE, settings(max_updates="polling", public_url=None, max_webhook_secret=None))


@pytest.mark.parametrize("content", [None, "no certificate\n"])
async def test_a_file_of_authorities_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError, match=r"max_ca_file: .*authorities\.pem"):
        async with open_platforms(settings(max_ca_file=file), Slots(lambda _: 0)):
            pass
