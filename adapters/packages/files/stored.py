"""A file of a package, wherever it is stored, and what is asked of any."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, NamedTuple

from adapters.packages.findings import PackageError
from adapters.packages.options import Options

Opener = Callable[[], IO[bytes]]


class Stored(NamedTuple):
    """A file of a package: `size` in bytes, unpacked."""

    size: int
    open: Opener


def check_number(number: int, options: Options) -> None:
    """Raises PackageError where a package has more files than the options take."""
    if number > options.max_files:
        raise PackageError(
            f"at most {options.max_files} files; there are {number}: the setting ROLLCALL_IMPORT_MAX_FILES raises that"
        )


def is_csv(name: str) -> bool:
    """Whether a file is one that packages are made of, by its name."""
    return name.lower().endswith(".csv") and not name.startswith(".")
