"""Profiles: what they say is what the words on screen are, and one that makes no sense is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.portal.profiles import OWN, ProfileError, read_profiles
from adapters.portal.words import CATALOGUE

WORDS = Path(__file__).parents[2].parent / "shared" / "words.md"
NOT_WORDS = {"form", "address", "self_unlink"}
OURS = {"help", "refused"}  # and what has no table: set where it stands

SET_HERE = {
    "Чатов пока нет.", "Закрыть сообщение", "Сейчас не получается. Попробуйте ещё раз через минуту.",
    "Такой страницы нет.", "Закрыть окно",
    "Платформа сейчас не отвечает. Ничего не изменилось, попробуйте ещё раз через минуту.",
    "Вход по VK ID не завершён. Попробуйте ещё раз.", "Вход по VK ID отменён. Вы можете попробовать ещё раз.",
    "Обновить страницу", "Изменить номер", "Отправить код ещё раз", "Отправить код ещё раз можно через {time}",
    "Мы отправили код. Он действует ещё {time}", "Осталось попыток: {number}", "Открыть MAX",
    "QR-код: открывает бота Сферум в MAX", "Привязать ещё один аккаунт: {provider}", "Электронный дневник",
    "Если на вашем номере зарегистрирован другой аккаунт, напишите в службу технической поддержки info@sferum.ru.",
    ("Откройте бота Сферум в MAX по ссылке или по QR-коду, поделитесь своим контактом и нажмите «Подключить». После"
    " подтверждения вернитесь и обновите страницу."),
}  # fmt: skip


def said(value: object) -> Iterator[str]:
    """All words in a profile."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from () if name in NOT_WORDS else said(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from said(part)


@pytest.mark.skipif(not WORDS.exists(), reason="the table of words is not here")
def test_every_word_on_screen_is_in_the_table_letter_for_letter() -> None:
    table = re.sub(r"\s+", " ", WORDS.read_text(encoding="utf-8"))
    profiles = read_profiles([OWN])
    on_screen = {word for roles in profiles.values() for words in roles.values() for word in said(words.model_dump())}
    on_screen |= {word for part, words in CATALOGUE.items() if part not in OURS for word in words.values()}

    def known(word: str) -> bool:
        bare = re.sub(r"\{[^}]*\}", "{", word)
        return word in table or bare in re.sub(r"\{[^}]*\}", "{", table)

    assert {word for word in on_screen if not known(word)} - SET_HERE == set()


def test_a_further_product_is_a_file_and_takes_the_place_of_ours_by_its_name(tmp_path: Path) -> None:
    own = (OWN / "bars.toml").read_text(encoding="utf-8")
    (tmp_path / "sixth.toml").write_text(own.replace('system = "Электронная школа"', 'system = "Шестая"'))
    (tmp_path / "paragraf.toml").write_text(own)
    profiles = read_profiles([OWN, tmp_path])
    assert profiles["sixth"]["student"].system == "Шестая"
    assert profiles["paragraf"]["student"].system == "Электронная школа"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("system =", "bars.toml"),
        ('system = "x"', "Field required"),
        ("[role.director]", "there is no such role"),
        ("colour = 1", "colour"),
    ],
)
def test_a_profile_that_makes_no_sense_is_named(tmp_path: Path, wrong: str, named: str) -> None:
    own = (OWN / "bars.toml").read_text(encoding="utf-8") if wrong[0] in "[c" else ""
    text = f"{own}\n{wrong}\n" if wrong.startswith("[") else f"{wrong}\n{own}"
    (tmp_path / "bars.toml").write_text(text)
    with pytest.raises(ProfileError, match=re.escape(named)):
        read_profiles([tmp_path])


def test_who_unlinks_needs_a_button(tmp_path: Path) -> None:
    own = (OWN / "bars.toml").read_text(encoding="utf-8")
    (tmp_path / "bars.toml").write_text(re.sub(r"^unlink = .*$", "", own, flags=re.MULTILINE))
    with pytest.raises(ProfileError, match="needs a button"):
        read_profiles([tmp_path])
