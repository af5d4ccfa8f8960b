"""A small school on stage, everything in this process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from rollcall.demo.play import Play, Size, made_up
from rollcall.demo.stage import open_stage
from rollcall.settings import read_settings

SMALL = Size(classes=4, pupils_a_class=3)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ROLLCALL_"):
            monkeypatch.delenv(name)


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    """A play that has not begun."""
    async with open_stage(read_settings()) as stage:
        yield Play(stage, made_up(SMALL))
