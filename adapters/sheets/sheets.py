"""The sheets there are, by their kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from adapters.sheets.document import Document
from adapters.sheets.slips import slips_of
from adapters.sheets.teacher_list import list_of
from sync.views.reminders import RemindersView, SheetKind

SHEETS: Mapping[SheetKind, Callable[[Sequence[RemindersView], date], Document]] = {"list": list_of, "slips": slips_of}


def print_sheets(kind: SheetKind, classes: Sequence[RemindersView], on: date) -> bytes:
    """A PDF of the classes' reminders as they stood on a day; the same reminders make the same bytes. Takes a tenth of
    a second a class of the processor: not on a loop that others wait for.
    """
    return bytes(SHEETS[kind](classes, on).output())
