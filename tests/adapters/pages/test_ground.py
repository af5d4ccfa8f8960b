"""The ground of all pages: whoever looks can read them, and nothing comes into them from elsewhere."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from adapters.pages.ground import HEADERS, STATIC

AA = 4.5  # WCAG 2.2, 1.4.3
EDGE = 3.0  # 1.4.11, of what tells a control from its ground

# What is written in which colour stands on which grounds.
TEXTS = {
    "text": ("ground", "panel", "action-ground", "good-ground", "wait-ground", "bad-ground"),
    "soft": ("ground", "panel", "action-ground"),
    "action": ("ground", "panel", "action-ground"),
    "on-action": ("action",),
    "good": ("ground", "panel", "good-ground"),
    "wait": ("ground", "panel", "wait-ground"),
    "bad": ("ground", "panel", "bad-ground"),
}


def schemes() -> dict[str, dict[str, str]]:
    """The colours by name, of the light scheme and of the dark one."""
    light, dark = (STATIC / "tokens.css").read_text(encoding="utf-8").split("@media")
    return {of: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", css)) for of, css in (("light", light), ("dark", dark))}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at:end], 16) / 255 for at, end in pairwise((0, 2, 4, 6)))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable_on_every_ground_it_stands_on(scheme: str) -> None:
    colours = schemes()[scheme]
    pairs = [(text, ground) for text, grounds in TEXTS.items() for ground in grounds]
    assert not {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < AA}
    assert all(contrast(colours["edge"], colours[ground]) >= EDGE for ground in ("panel", "ground"))


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_pages_let_in_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = dict(each.strip().split(" ", 1) for each in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
