"""Settings whose names come from outside: secrets kept in files, and a platform's further tokens."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

FILE = "_FILE"
FURTHER_TOKENS = {"max_tokens": "MAX_TOKEN_", "vk_tokens": "VK_TOKEN_"}
"""The settings that hold a platform's further tokens, and how the variables of each begin."""


class SecretFiles(PydanticBaseSettingsSource):
    """`{prefix}X_FILE` names the file with the value of X; `{prefix}MAX_TOKEN_{NAME}` and `{prefix}VK_TOKEN_{NAME}`,
    with `_FILE` or without, are further tokens. Names of tokens are in lower case.
    """

    def __init__(self, settings_cls: type[BaseSettings], prefix: str) -> None:
        super().__init__(settings_cls)
        self._prefix = prefix

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        path = os.environ.get(f"{self._prefix}{field_name.upper()}{FILE}")
        return (_content(path) if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        tokens = {name: self._tokens(begins) for name, begins in FURTHER_TOKENS.items()}
        return {name: value for name, value in (found | tokens).items() if value}

    def _tokens(self, begins: str) -> dict[str, str]:
        start, tokens = f"{self._prefix}{begins}", {}
        for variable, value in sorted(os.environ.items()):
            name = variable.removeprefix(start)
            if not variable.startswith(start) or name == FILE.removeprefix("_") or not value:
                continue
            is_file = name.endswith(FILE)
            tokens[name.removesuffix(FILE).lower()] = _content(value) if is_file else value
        return tokens


def _content(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()
