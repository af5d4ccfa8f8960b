"""States, reasons and types in plain Russian."""

from __future__ import annotations

from collections.abc import Callable

from sync.membership_states import APPLIED, HELD, LEFT, PENDING, REFUSED, REJECTED, WAITING

STATES = {
    APPLIED: "в чате",
    WAITING: "ждёт привязки аккаунта",
    PENDING: "в пути",
    REFUSED: "отказ",
    LEFT: "вышел сам",
    HELD: "проверяет администратор",
    REJECTED: "остаётся по решению администратора",
}
PRIVACY = "add.participant.privacy"
REFUSED_BY_PRIVACY = "отказ: настройки приватности в MAX («Безопасный режим»)"

ROLES = {"admin": "администратор", "member": "участник"}

TYPES = {
    "staff": "Учительский чат",
    "class": "Классный чат",
    "parents": "Родительский чат",
    "subject": "Предмет",
    "other": "Другое",
}

REASONS = {
    "employed": "работает в школе",
    "studies_in": "учится в классе",
    "homeroom": "классный руководитель",
    "studies_in_group": "учится в группе",
    "teaches": "ведёт предмет",
    "chat_administrator": "администратор чатов школы",
    "added_by_hand": "добавлен вручную",
}
GUARDIAN = "guardian_of:"


def reason_in_words(reason: str, called: Callable[[str], str]) -> str:
    if reason.startswith(GUARDIAN):
        return f"ребёнок: {called(reason.removeprefix(GUARDIAN))}"
    return REASONS.get(reason, reason)


def state_in_words(state: str, refused_code: str | None) -> str:
    if state == REFUSED:
        return REFUSED_BY_PRIVACY if refused_code == PRIVACY else f"отказ: {refused_code}"
    return STATES.get(state, state)
