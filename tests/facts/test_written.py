"""What a person writes into a form."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.facts.written import written


def test_text_is_kept_up_to_its_limit() -> None:
    assert written(" a\nb ", 3) == "a\nb"
    assert written(None, 3) == ""
    with pytest.raises(Refused, match="4 characters; at most 3"):
        written("abcd", 3)
