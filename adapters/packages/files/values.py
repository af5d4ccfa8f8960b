"""What single values mean: yes and no, words, lists, names."""

from __future__ import annotations

from adapters.packages.files.rows import Row

LONGEST_NAME = 200  # characters, of the event contract


def flag_of(row: Row, column: str) -> bool | None:
    """The boolean in a column, None where blank or (counted) neither."""
    text = word_of(row, column, ("true", "false"))
    return None if text not in {"true", "false"} else text == "true"


def word_of(row: Row, column: str, words: tuple[str, ...]) -> str:
    """The word of `words` in a column whatever its case (counted), blank where blank, else as it stands."""
    text = row[column]
    if not text or text in words:
        return text
    for word in words:
        if word.lower() == text.lower():
            row.warn("value_case", f"the word {word}", column)
            return word
    return text


def list_of(text: str) -> tuple[str, ...]:
    """The items of a list in one value."""
    return tuple(item for part in text.split(",") if (item := part.strip())) if text else ()


def name_of(row: Row, column: str) -> str:
    """A name or title as the event contract takes it: no more than 200 characters, the rest is cut (counted)."""
    name = row[column]
    if len(name) > LONGEST_NAME:
        row.warn("value_length", "200 characters at most", column)
    return name[:LONGEST_NAME].rstrip()
