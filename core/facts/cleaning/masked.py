"""Values as they are shown to who may not see them: known again, so that none takes the place of a real one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.access.masking import mask_email, mask_name, mask_phone, mask_text
from core.facts.catalogue.model import Field
from core.facts.cleaning.text import Outcome, Reader, plain

_MASKS = {"name": mask_name, "phone": mask_phone, "email": mask_email}
_NAME = re.compile(r"[^*]\*+")
_PHONE = re.compile(r"(?=.*\d)\+?\d*\*{2,}\d*")
_EMAIL = re.compile(r"[^*@]?\*{3}@[^*@]+")
_TEXT = re.compile(r".\*{3}", re.DOTALL)
_SHAPES = {"name": _NAME, "phone": _PHONE, "email": _EMAIL}


def mask_of(field: Field) -> Callable[[str], str]:
    """How values of the field are shown: masked where they are personal."""
    return _MASKS.get(field.code, mask_text) if field.personal else str


def is_masked(field: Field, value: str) -> bool:
    """Whether a value of a personal field looks like a mask."""
    return "*" in value and _SHAPES.get(field.code, _TEXT).fullmatch(value) is not None


def masked_phone(text: str) -> str | None:
    """The mask of a phone that a text is; None where it is none."""
    value = re.sub(r"[\s\-–—‐.()]", "", plain(text))
    return value if "*" in value and _PHONE.fullmatch(value) else None


def sparing_masks(read: Reader) -> Reader:
    """A reader of phones that lets masks through, for who can compare them with what is stored."""

    def spare(text: str) -> Outcome:
        masked = masked_phone(text) if "*" in text or "＊" in text else None
        return read(text) if masked is None else (masked, False)

    return spare
