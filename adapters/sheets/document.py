"""The paper that all sheets are on: A4, one typeface with the letters of all languages of Russia, and a foot."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

FONTS = Path(__file__).parent / "fonts"
TYPEFACE = "DejaVu Sans"

MARGIN, WIDTH = 15.0, 180.0  # mm; A4 is 210 mm wide
TEXT, SOFT, LINE = 20, 95, 150  # greys, of 255
LEADING = 0.48  # mm of a line a point of its type

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip

for name in ("fpdf", "fontTools"):
    logging.getLogger(name).setLevel(logging.CRITICAL)  # they tell of letters that a font lacks: of somebody's name


class Document(FPDF):
    """A document of that day, without a page yet; `foot` stands at the bottom of each."""

    def __init__(self, title: str, on: date, foot: str = "") -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 5)
        self.add_font(TYPEFACE, "", FONTS / "DejaVuSans.ttf")
        self.add_font(TYPEFACE, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_title(title)
        self.set_lang("ru")
        self.set_creation_date(datetime.combine(on, time(), UTC))  # the same reminders make the same bytes

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.write_text(self.foot, 7.5, soft=True)

    def write_text(
        self,
        text: str,
        points: float,
        *,
        bold: bool = False,
        soft: bool = False,
        width: float = 0,
        most: int | None = None,
    ) -> None:
        """Text from where the document stands, in lines of a width in mm (0: to the margin), `most` so many of them;
        then stands below it, as far to the left as it began.
        """
        left = self.get_x()
        self.set_font(TYPEFACE, "B" if bold else "", points)
        self.set_text_color(SOFT if soft else TEXT)
        if most is not None:
            text = self._cut(text, width, most)
        self.multi_cell(width, points * LEADING, text, align="L", new_x="LEFT", new_y="NEXT")
        self.set_x(left)

    def _cut(self, text: str, width: float, most: int) -> str:
        lines = cast("list[str]", self.multi_cell(width, text=text, dry_run=True, output=MethodReturnValue.LINES))
        if len(lines) <= most:
            return text
        return "\n".join([*lines[: most - 1], lines[most - 1].rstrip()[:-2] + "…"])

    def space(self, mm: float) -> None:
        self.set_xy(self.get_x(), self.get_y() + mm)


def in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year} г."
