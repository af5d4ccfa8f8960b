"""The teacher's list of a class: what to do, and everybody who has not linked yet, with a box to tick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from adapters.sheets.document import LINE, MARGIN, WIDTH, Document, in_words
from adapters.sheets.qr import draw_code
from adapters.sheets.words import full_name, who_it_is
from sync.invitations import HARMLESS, NO_CODES, steps
from sync.views.reminders import ChatReminders, RemindersView, UnlinkedView

FOOT = "Для классного руководителя. Здесь имена: не вывешивайте и не пересылайте этот лист."
CODE = 46.0  # mm
BOX, ROW = 3.6, 6.4  # mm


def list_of(classes: Sequence[RemindersView], on: date) -> Document:
    """Each class from a page of its own on."""
    document = Document("Кто ещё не привязал аккаунт", on, FOOT)
    for each in classes:
        document.add_page()
        _head(document, each, on)
        _what_to_do(document, each)
        for chat in each.chats:
            _chat(document, chat)
    return document


def _head(document: Document, of: RemindersView, on: date) -> None:
    document.write_text(f"{of.organisation_name} · {in_words(on)}", 9, soft=True)
    document.space(1)
    document.write_text(f"{of.class_name}: кто ещё не привязал аккаунт", 17, bold=True)
    document.space(4)


def _what_to_do(document: Document, of: RemindersView) -> None:
    top, url = document.get_y(), of.sign_in_url
    width = WIDTH - CODE - 6 if url else WIDTH
    for number, step in enumerate(steps(of.provider, url), start=1):
        document.write_text(f"{number}. {step}", 10.5, width=width)
        document.space(1.5)
    document.write_text(f"{HARMLESS} {NO_CODES}" if url else NO_CODES, 8, soft=True, width=width)
    if url:
        bottom = document.get_y()
        _code(document, url, top)
        document.set_xy(MARGIN, max(bottom, document.get_y()))
    document.space(3)


def _code(document: Document, url: str, top: float) -> None:
    left = MARGIN + WIDTH - CODE
    draw_code(document, url, left=left, top=top - 4, side=CODE)
    document.set_xy(left, top + CODE - 6)
    document.write_text(url, 7, soft=True, width=CODE)


def _chat(document: Document, chat: ChatReminders) -> None:
    document.space(3)
    if document.will_page_break(4 * ROW):
        document.add_page()
    document.write_text(f"Чат «{chat.title}»", 12, bold=True)
    left = f"Не привязали: {len(chat.unlinked)} из {chat.participants}" if chat.unlinked else "Привязали все."
    document.write_text(left, 9, soft=True)
    document.space(2)
    for each in chat.unlinked:
        _row(document, each)


def _row(document: Document, unlinked: UnlinkedView) -> None:
    if document.will_page_break(2 * ROW):
        document.add_page()
    document.set_draw_color(LINE)
    document.rect(MARGIN, document.get_y() + 0.7, BOX, BOX)
    document.set_x(MARGIN + BOX + 3)
    document.write_text(full_name(unlinked.person), 10.5)
    for line in _notes(unlinked):
        document.write_text(line, 8.5, soft=True)
    document.set_x(MARGIN)
    document.space(1.4)


def _notes(unlinked: UnlinkedView) -> Iterator[str]:
    who = who_it_is(unlinked)
    if who:
        yield who
    if unlinked.waits_for != "account":
        yield "этот аккаунт уже привязан к другой учетной записи: нужна служба поддержки"
