"""What each product's cabinet shows to whom: the words of the manuals, and the pages of ours that they open."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.cabinet.pages import MenuEntry
from sync.entering import CHATS, EMPLOYEE, GUARDIAN, LINK, REGISTRY, SECURITY, STUDENT

ROLES = {STUDENT: "ученик", GUARDIAN: "родитель", EMPLOYEE: "учитель"}
SYSTEMS = {"bars": "Электронная школа", "mesh": "МЭШ", "paragraf": "Параграф"}


def menu_of(product: str, role: str, *, linked: bool) -> Sequence[MenuEntry]:
    return _MENUS[product](role, linked=linked)


def _bars(role: str, *, linked: bool) -> Sequence[MenuEntry]:
    if role == EMPLOYEE:
        shortcut = _entry(CHATS, "Перейти в Сферум") if linked else _entry(LINK, "Привязать аккаунт к Сферум")
        return [shortcut, _entry(REGISTRY, "Пуск", "Реестры", "Сферум")]
    return [_entry(CHATS, "Сферум") if linked else _entry(LINK, "Авторизация в Сферум")]


def _mesh(role: str, *, linked: bool) -> Sequence[MenuEntry]:
    chats = _entry(CHATS if linked else LINK, "Чаты Сферум")
    partner = [] if linked or role != EMPLOYEE else [_entry(LINK, "Настройки аккаунта", "Партнеры", "Подключить")]
    return [chats, *partner, _entry(SECURITY, "Мой паспорт", "Безопасность")]


def _paragraf(role: str, *, linked: bool) -> Sequence[MenuEntry]:  # noqa: ARG001 - one tab for all
    return [_entry(CHATS, "Чаты")]


def _entry(page: str, *path: str) -> MenuEntry:
    return MenuEntry(path, page)


_MENUS = {"bars": _bars, "mesh": _mesh, "paragraf": _paragraf}
