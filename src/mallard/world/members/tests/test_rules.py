"""One spelling per identity, no bank cards, masks that hide."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel.ids import check_digit, checksummed_number
from mallard.world.members import rules

DIGITS = st.characters(min_codepoint=48, max_codepoint=57)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(MOBILES, st.integers(0, 11), st.sampled_from([" ", "-", "  ", "."]))
def test_a_mobile_number_has_one_spelling(mobile: str, at: int, separator: str) -> None:
    expected = "+86" + mobile
    spaced = mobile[:at] + separator + mobile[at:]
    for spelling in (
        mobile, f"+86{mobile}", f"86{mobile}", f"0086 {mobile}", full_width(mobile), spaced,
    ):  # fmt: skip
        assert rules.normalise_identity("phone", spelling) == expected


@given(
    st.sampled_from(["phone", "email", "card", "plate", "wechat", "alipay", "number"]), st.text()
)
def test_normalising_twice_changes_nothing(kind: str, text: str) -> None:
    once = rules.normalise_identity(kind, text)
    if once is not None:
        assert rules.normalise_identity(kind, once) == once


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("phone", "021-6123 4567", "+862161234567"),
        ("phone", "+1 (415) 555-2671", "+14155552671"),
        ("phone", "4155552671", None),
        ("phone", "12", None),
        ("phone", "+0123456789", None),
        ("email", " Ann.Li@Example.COM ", "ann.li@example.com"),
        ("email", "ann@localhost", None),
        ("email", "ann@@example.com", None),
        ("card", "c-0012 345", "C0012345"),
        ("card", "12", None),
        ("plate", "沪a·12345", "沪A12345"),
        ("plate", "沪AD12345", "沪AD12345"),
        ("plate", "沪", None),
        ("wechat", "oABC_def-123", "oABC_def-123"),
        ("wechat", "a b", None),
        ("alipay", "2088123412341234", "2088123412341234"),
        ("number", checksummed_number("M", 42).lower(), checksummed_number("M", 42)),
        ("number", "M00000421", None),
        ("pigeon", "grey", None),
    ],
)
def test_each_kind_knows_its_own(kind: str, text: str, expected: str | None) -> None:
    assert rules.normalise_identity(kind, text) == expected


@given(st.text(DIGITS, min_size=12, max_size=18), st.sampled_from([" ", "-", ""]))
def test_a_bank_card_is_found_in_any_text(digits: str, separator: str) -> None:
    number = digits + check_digit(digits)
    if number.startswith("861") and len(number) == 13:
        return
    groups = separator.join(number[i : i + 4] for i in range(0, len(number), 4))
    assert rules.contains_payment_card(f"paid by {groups}, thanks")
    assert rules.contains_payment_card(f"已用{full_width(number)}付款")


@given(st.text(DIGITS, min_size=12, max_size=18))
def test_digits_with_a_wrong_check_digit_are_no_card(digits: str) -> None:
    wrong = str((int(check_digit(digits)) + 5) % 10)
    assert not rules.contains_payment_card(digits + wrong)


def test_an_id_of_a_record_is_no_card_whatever_its_digits() -> None:
    digits = "833334444555666"
    digits += check_digit(digits)
    number = f"{digits[:4]}-{digits[4:]}"
    assert rules.contains_payment_card(number)
    assert not rules.contains_payment_card(f"privacy request 01a22197-ab07-7043-{number}.")
    assert rules.contains_payment_card(f"01a22197-ab07-7043-{number}-1"), "an id ends there"


def test_phones_and_alipay_ids_are_not_taken_for_cards() -> None:
    mobile = next(
        str(n) for n in range(13_800_000_000, 13_800_000_100)
        if check_digit(f"86{n}"[:-1]) == str(n)[-1]
    )  # fmt: skip
    assert not rules.contains_payment_card(f"call 86{mobile}")
    alipay = "208812341234123"
    alipay += check_digit(alipay)
    assert not rules.is_refused_identity("alipay", alipay)
    assert rules.is_refused_identity("card", "4111111111111111")


@given(MOBILES)
def test_a_mask_keeps_the_middle_to_itself(mobile: str) -> None:
    masked = rules.mask_identity("phone", "+86" + mobile)
    assert mobile[3:7] not in masked.replace("*", "x") or mobile[3:7] in mobile[-4:] + mobile[:3]
    assert masked.endswith(mobile[-4:])


@pytest.mark.parametrize("kind", ["wechat", "alipay", "email"])
def test_only_what_people_say_aloud_has_a_last_four(kind: str) -> None:
    assert rules.last_four(kind, "oABC_def-123") is None
    assert rules.last_four("phone", "+8613912345678") == "5678"
    assert rules.last_four("plate", "沪A12345") == "2345"
    assert rules.last_four("card", "C123") is None


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [("2000-03-01", "2026-02-28", 25), ("2000-03-01", "2026-03-01", 26),
     ("2000-02-29", "2026-02-28", 25), ("2000-02-29", "2026-03-01", 26)],
)  # fmt: skip
def test_age_counts_completed_years(born: str, today: str, age: int) -> None:
    assert rules.age_on(dt.date.fromisoformat(born), dt.date.fromisoformat(today)) == age


def test_a_birthday_is_read_from_a_date_only() -> None:
    assert rules.birthday_of("1990-05-21") == (5, 21)
    assert rules.birthday_of("May") is None
