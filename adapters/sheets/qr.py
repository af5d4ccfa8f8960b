"""QR codes on paper."""

from __future__ import annotations

from io import BytesIO

import segno
from fpdf import FPDF

QUIET = 4  # modules around the code that stay white; ISO/IEC 18004, 6.3.8
DOTS = 8  # a module: what is printed stays sharp


def draw_code(document: FPDF, text: str, *, left: float, top: float, side: float) -> None:
    """The code of a text in a square of that side, the quiet zone included; all in mm. A sixth of it may be soiled."""
    picture = BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="png", border=QUIET, scale=DOTS)
    document.image(picture, x=left, y=top, w=side, h=side, alt_text=text)
