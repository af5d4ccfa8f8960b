"""What the bot says. The first and the last words are the manuals'; the others are set here."""

from __future__ import annotations

ASK_CONTACT = "Поделитесь своим номером телефона, чтобы привязать учебный аккаунт Сферум."
LINKED = "Аккаунт привязан."
DECLINED = "Привязка не подтверждена: выбрано «Не подключать»."
NOT_MATCHED = (
    "Не удалось привязать аккаунт. Проверьте, что номер совпадает с указанным при регистрации на платформе MAX."
)
HELD = (
    "На этот номер уже совершена привязка к другой учетной записи."
    " Авторизуйтесь по уже существующим данным или обратитесь в службу поддержки."
)
OVER = "Этот запрос больше не действует. Вернитесь на страницу привязки и отправьте новый."


def question(first_name: str, last_name: str, school: str) -> str:
    """Whom it is about: first name, first letter of the last name, the school; nothing else of them."""
    who = " ".join(part for part in (first_name, f"{last_name[:1]}." if last_name else "") if part)
    whose = ", ".join(part for part in (who, school) if part)
    return f"{whose}: привязать учебный аккаунт к учетной записи в «Электронной школе»? Проверьте свои данные."


def code_told(code: str) -> str:
    return f"Код для привязки учебного аккаунта: {code}. Никому его не сообщайте."
