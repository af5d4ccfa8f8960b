"""How people are invited to link their accounts: the address where they begin, and the words they are told.

The words name no person and no code: whoever holds them is led to the school's own sign-in, and no further.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

LONGEST_ADDRESS = 200  # characters; a QR code of more is too fine for a phone to read off paper
HERE = frozenset({"localhost", "127.0.0.1", "::1"})

ACCOUNTS = {"max": "MAX", "vk_id": "VK ID"}
"""What people call the accounts of a provider."""

BEFORE = {
    "max": "Установите приложение MAX и войдите в него по своему номеру телефона.",
    "vk_id": "Приготовьте телефон, к номеру которого привязан ваш VK ID. Если его ещё нет, вы создадите его по дороге.",
}
SIGN_IN = "Войдите в школьную систему под своим логином: наведите камеру телефона на QR-код или наберите адрес под ним."
SIGN_IN_ALONE = "Войдите в школьную систему под своим логином, как обычно."
LINK = {
    "max": "Откройте привязку аккаунта Сферум, укажите тот же номер телефона и подтвердите привязку.",
    "vk_id": "Откройте привязку аккаунта Сферум, войдите в VK ID и подтвердите привязку.",
}
HARMLESS = "QR-код только открывает вход в школьную систему: сам по себе он никого не впускает и ничего не привязывает."
NO_CODES = "Коды из сообщений не нужны никому, кроме вас: не пересылайте их ни учителю, ни в чат."


def is_address(url: str) -> bool:
    """Whether people may be sent to an address: https, or http on this machine; a host and nobody's name before it."""
    if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in HERE)
    return bool(host) and "@" not in parts.netloc and safe


def steps(provider: str, sign_in_url: str | None) -> Sequence[str]:
    """What somebody does to link an account, on paper beside the QR code of the address."""
    return BEFORE[provider], SIGN_IN if sign_in_url else SIGN_IN_ALONE, LINK[provider]


def invitation(provider: str, titles: Sequence[str], sign_in_url: str | None) -> str:
    """A message to send to whoever has not linked; `titles` are those of the chats that wait."""
    chats = ", ".join(f"«{title}»" for title in titles)
    where = f"войдите в школьную систему ({sign_in_url})" if sign_in_url else "войдите в школьную систему"
    return (
        f"Здравствуйте! В Сферуме вас ждут чаты: {chats}. Чтобы попасть в них, {where} под своим логином"
        f" и привяжите аккаунт {ACCOUNTS[provider]}. Это нужно сделать один раз: дальше вы будете в нужных чатах сами."
        f" {NO_CODES}"
    )
