"""Refusals that more than one part of reading gives."""

from __future__ import annotations

from core.errors import Refused
from core.language import mark


def damaged(file_name: str) -> Refused:
    """The file is of the right kind, but its content does not hold together."""
    return Refused(
        mark(
            "{file} is damaged and cannot be read. Open it in Excel, save it again as .xlsx or CSV and upload that."
        ),
        file=file_name,
    )


def needs_memory(file_name: str) -> Refused:
    """The reader asked for more memory than one file may have."""
    return Refused(
        mark(
            "{file} needs more memory than one file may have. Delete stray cells far below or right of the "
            "table, or split the file and upload the parts one by one."
        ),
        file=file_name,
    )


def has_macros(file_name: str) -> Refused:
    """The workbook carries programs."""
    return Refused(
        mark(
            "{file} contains macros, which are not accepted. Save it as .xlsx without macros and upload that."
        ),
        file=file_name,
    )


def needs_password(file_name: str) -> Refused:
    """The content is encrypted."""
    return Refused(
        mark("{file} is protected with a password. Remove the password in Excel, save it and upload that."),
        file=file_name,
    )


def unexpected(file_name: str) -> Refused:
    """The reader failed in a way that nobody foresaw."""
    return Refused(
        mark(
            "{file} could not be read: an unexpected error, which was written to the log. "
            "Open it in Excel, save it again as .xlsx or CSV and upload that."
        ),
        file=file_name,
    )


def not_its_kind(file_name: str, extension: str) -> Refused:
    """The content is of another kind than the name says."""
    return Refused(
        mark(
            "{file} is not what its name says: its content is no {extension} file. "
            "Open it in the program it comes from and save it as .xlsx or CSV."
        ),
        file=file_name,
        extension=extension,
    )
