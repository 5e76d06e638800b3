"""The looks in which pages are visited: theme, language, width in px.

An act is tried in two of them, which meet both themes, languages and widths. Pages full of
rows are looked at where it is hardest, on a phone, in the dark, in Chinese: `test_pages.py` visits
every page, half of them at a desk. `make drill` looks at everything in all four.
"""

from __future__ import annotations

import pytest

DESK, PHONE = 1280, 360
LIGHT_DESK = ("light", "en", DESK)
DARK_PHONE = ("dark", "zh-hans", PHONE)
_MORE = [
    pytest.param("dark", "en", PHONE, marks=pytest.mark.drill),
    pytest.param("light", "zh-hans", DESK, marks=pytest.mark.drill),
]
LOOKS = [LIGHT_DESK, DARK_PHONE, *_MORE]
PAGE_LOOKS = [DARK_PHONE, pytest.param(*LIGHT_DESK, marks=pytest.mark.drill), *_MORE]
