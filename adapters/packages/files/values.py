"""What single values mean: yes and no, words, lists, names."""

from __future__ import annotations

from unicodedata import category

from adapters.packages.files.not_understood import is_destroyed
from adapters.packages.files.rows import Row
from schemas.characters import cleaned

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
    """A name or title as the event contract takes it: cleaned, and no more than 200 characters (the rest is cut,
    counted).
    """
    name = text_of(row, column)
    if len(name) > LONGEST_NAME:
        row.warn("value_length", f"{LONGEST_NAME} characters at most", column)
    return cleaned(name[:LONGEST_NAME])


def title_of(row: Row, column: str) -> tuple[str, bool]:
    """The title in a column, and whether it is one: not blank, nor a day that a spreadsheet made of it (counted)."""
    title = name_of(row, column)
    if is_destroyed(title):
        row.warn("spreadsheet_title", "a title, not the day that a spreadsheet has made of it", column)
        return title, False
    return title, bool(title)


def text_of(row: Row, column: str) -> str:
    """A text as the event contract takes it, however long: white space is blanks, what nobody sees is dropped."""
    try:
        return cleaned(row[column])
    except ValueError:
        row.warn("control_character", "a name without control characters", column)
        return cleaned("".join(" " if category(each) in {"Cc", "Cs"} else each for each in row[column]))
