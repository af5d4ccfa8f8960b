"""Which encoding the texts of a package are read in."""

from __future__ import annotations

import codecs

from adapters.packages.findings import PackageError


def codec_of(encoding: str | None) -> str:
    """Python's name of the codec for an encoding that was asked for, else for UTF-8, which may begin with a BOM.

    Raises:
        PackageError: an encoding that is not known.
    """
    try:
        name = codecs.lookup(encoding or "utf-8").name
    except LookupError as error:
        raise PackageError(f"an encoding that is known, not {encoding}") from error
    return "utf-8-sig" if name == "utf-8" else name
