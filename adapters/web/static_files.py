"""Styles and scripts of all pages: the ground's, and those beside the pages here."""

from __future__ import annotations

from fastapi.staticfiles import StaticFiles

from adapters.pages.ground import STATIC

STATIC_FILES = StaticFiles(directory=STATIC, packages=[("adapters.web", "static")])
