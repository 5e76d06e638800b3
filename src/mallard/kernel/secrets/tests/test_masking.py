from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel.secrets import masking


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.mask_phone, "13812345678", "138****5678"),
        (masking.mask_phone, "+8613812345678", "+86 138****5678"),
        (masking.mask_phone, "+1 415 555 0132", "+1 415****0132"),
        (masking.mask_phone, "62345", "****45"),
        (masking.mask_phone, "1234", "****"),
        (masking.mask_email, "jane@example.com", "j***@example.com"),
        (masking.mask_email, "nonsense", "****"),
        (masking.mask_card, "MALL0012345", "****2345"),
        (masking.mask_card, "12345", "****"),
        (masking.mask_plate, "沪A12348", "沪A****8"),
        (masking.mask_name, "王伟", "王*"),
        (masking.mask_name, "王小明", "王**"),
        (masking.mask_name, "欧阳小明", "欧阳**"),
        (masking.mask_name, "欧阳", "欧*"),
        (masking.mask_name, "Jane Smith", "J. S***"),
        (masking.mask_name, "Jane", "J***"),
        (masking.mask_name, "", ""),
        (masking.mask_text, "Engineer", "E***"),
        (masking.mask_text, "abc", "***"),
    ],
)
def test_masks_follow_the_habit_of_the_language(mask, value, shown):
    assert mask(value) == shown


@given(st.text(max_size=40))
def test_no_mask_shows_a_longer_value_whole(value):
    for mask in (masking.mask_phone, masking.mask_email, masking.mask_card, masking.mask_text):
        shown = mask(value)
        if len(value) >= 5:
            assert value not in shown
