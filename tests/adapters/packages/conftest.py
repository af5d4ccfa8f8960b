from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.packages.written import Reader
from tests.adapters.packages.written_sds import SdsReader


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def sds(tmp_path: Path) -> SdsReader:
    return SdsReader(tmp_path)
