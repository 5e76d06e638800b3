"""The looks in which pages are visited: theme, language, width in px.

Two of them meet both themes, both languages and both widths; `make drill` looks at the other two
as well.
"""

from __future__ import annotations

import pytest

DESK, PHONE = 1280, 360
LOOKS = [
    ("light", "en", DESK),
    ("dark", "zh-hans", PHONE),
    pytest.param("dark", "en", PHONE, marks=pytest.mark.drill),
    pytest.param("light", "zh-hans", DESK, marks=pytest.mark.drill),
]
