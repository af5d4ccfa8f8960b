"""Slips to cut apart and hand out: one for each who has not linked, with no other's name but that of the own child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from adapters.sheets.document import LINE, MARGIN, WIDTH, Document
from adapters.sheets.qr import draw_code
from adapters.sheets.words import full_name, who_it_is
from sync.ids import PersonId
from sync.invitations import HARMLESS, NO_CODES, steps
from sync.views.reminders import RemindersView, UnlinkedView

COLUMNS, ROWS = 2, 3
WIDE, HIGH = WIDTH / COLUMNS, 88.0  # mm
PAD, CODE, FOOT = 4.0, 31.0, 8.8  # mm
INSIDE = WIDE - 2 * PAD


def slips_of(classes: Sequence[RemindersView], on: date) -> Document:
    """Six on a page, each class from a page of its own on; of a class in which all have linked a page that says so."""
    document = Document("Как привязать аккаунт", on)
    document.set_auto_page_break(auto=False)
    for each in classes:
        slips = list(_each_once(each))
        if not slips:
            document.add_page()
            document.write_text(f"{each.class_name}: привязали все.", 12)
        for number, unlinked in enumerate(slips):
            if number % (COLUMNS * ROWS) == 0:
                document.add_page()
            row, column = divmod(number % (COLUMNS * ROWS), COLUMNS)
            _slip(document, each, unlinked, MARGIN + column * WIDE, MARGIN + row * HIGH)
    return document


def _each_once(of: RemindersView) -> Iterator[UnlinkedView]:
    """A teacher waits for both chats, and gets one slip."""
    seen: set[PersonId] = set()
    for unlinked in (each for chat in of.chats for each in chat.unlinked):
        if unlinked.person.person_id not in seen:
            seen.add(unlinked.person.person_id)
            yield unlinked


def _slip(document: Document, of: RemindersView, unlinked: UnlinkedView, left: float, top: float) -> None:
    """Each part has so many lines at most, that the slip ends before the next one."""
    document.set_draw_color(LINE)
    document.set_dash_pattern(dash=1.5, gap=1.5)
    document.rect(left, top, WIDE, HIGH)
    document.set_dash_pattern()
    document.set_xy(left + PAD, top + PAD)
    document.write_text(f"{of.class_name} · {of.organisation_name}", 7, soft=True, width=INSIDE, most=1)
    document.space(1.5)
    document.write_text(full_name(unlinked.person), 10.5, bold=True, width=INSIDE, most=2)
    document.write_text(who_it_is(unlinked) or " ", 7.5, soft=True, width=INSIDE, most=2)
    document.space(1.5)
    document.write_text("Чтобы попасть в чаты школы в Сферуме:", 7.5, width=INSIDE, most=1)
    document.space(0.8)
    _what_to_do(document, of, left + PAD)
    document.set_xy(left + PAD, top + HIGH - PAD - FOOT)
    document.write_text(f"{HARMLESS} {NO_CODES}" if of.sign_in_url else NO_CODES, 6, soft=True, width=INSIDE)


def _what_to_do(document: Document, of: RemindersView, left: float) -> None:
    top, url = document.get_y(), of.sign_in_url
    width = INSIDE - CODE - 1 if url else INSIDE
    for number, step in enumerate(steps(of.provider, url), start=1):
        document.write_text(f"{number}. {step}", 7.5, width=width)
        document.space(0.8)
    if url:
        draw_code(document, url, left=left + INSIDE - CODE, top=top - 1.5, side=CODE)
        document.set_xy(left + INSIDE - CODE + 2, top + CODE - 2.5)
        document.write_text(url, 5.5, soft=True, width=CODE - 2, most=5)
