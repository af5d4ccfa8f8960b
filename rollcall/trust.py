"""The certificate authorities named by a setting."""

from __future__ import annotations

import ssl
from pathlib import Path

from rollcall.settings import SettingsError


def trusting(setting: str, file: Path | None) -> ssl.SSLContext:
    """Trust only the authorities in the file; without a file, those of the system.

    Raises:
        SettingsError: there is no such file, or no certificate in it.
    """
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise SettingsError(f"{setting}: {file} holds no certificates: {error}") from error
