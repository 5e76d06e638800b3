"""What somebody may mean, and codes as tills read them."""

from __future__ import annotations

import re

import pytest

from mallard.world.memberweb.barcodes import code_128, qr
from mallard.world.memberweb.rules import digest, new_code, new_token, possible_refs, typed_code


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("ming@example.com", ["email"]),
        ("１３８ 1234 5678", ["phone"]),
        ("!!", []),
        ("", []),
    ],
)
def test_what_was_typed_names_the_likeliest_first(typed: str, kinds: list[str]) -> None:
    assert [ref.kind for ref in possible_refs(typed)][: len(kinds) or None] == kinds


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456", "１２３４５６"])
def test_a_code_is_understood_as_people_type_it(typed: str) -> None:
    assert typed_code(typed) == "123456"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", ""])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert typed_code(typed) is None


def test_codes_and_tokens_are_random_and_of_their_length() -> None:
    assert all(re.fullmatch("[0-9]{6}", new_code()) for _ in range(200))
    assert len({new_token() for _ in range(50)}) == 50
    assert len(digest(new_token())) == 32


def bars_of(svg: str) -> str:
    """The modules that the picture draws, quiet zones cut off."""
    width = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    modules = ["0"] * width
    for start, length in re.findall(r"M(\d+) 0h(\d+)v", svg):
        modules[int(start) : int(start) + int(length)] = "1" * int(length)
    return "".join(modules).strip("0")


def test_bars_are_code_128_with_start_check_and_stop() -> None:
    # "Wikipedia" in set B with check sum 88, worked out by hand after ISO/IEC 15417.
    expected = (
        "11010010000 11101000110 10000110100 11000010010 10000110100 10100111100 10110010000"
        " 10000100110 10000110100 10010110000 11110010010 1100011101011"
    ).replace(" ", "")
    assert bars_of(code_128("Wikipedia")) == expected


def test_pictures_have_quiet_zones_and_no_style_of_their_own() -> None:
    for svg in (qr("M12345678"), code_128("M12345678")):
        assert "style" not in svg
        assert 'fill="#fff"' in svg
    first = min(int(x) for x in re.findall(r"M(\d+) ", code_128("M12345678")))
    assert first >= 10
    assert min(int(x) for x in re.findall(r"M(\d+) ", qr("M12345678"))) >= 4
