"""Masks: how personal values look to those who need not see them. Pure."""

from __future__ import annotations

import re

DOTS = "****"
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Two-character family names that would be cut in half by keeping one character.
_DOUBLE_SURNAMES = frozenset(
    {
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "夏侯",
        "端木",
        "百里",
        "南宫",
        "轩辕",
    }
)


def mask_phone(value: str) -> str:
    """``138****5678``; a country code stays: ``+86 138****5678``. Short numbers keep two digits."""
    country, digits = "", re.sub(r"\D", "", value)
    if value.strip().startswith("+") and len(digits) > 11:
        country, digits = f"+{digits[:-11]} ", digits[-11:]
    elif value.strip().startswith("+") and len(digits) > 10:
        country, digits = f"+{digits[:-10]} ", digits[-10:]
    if len(digits) >= 10:
        return f"{country}{digits[:3]}{DOTS}{digits[-4:]}"
    return DOTS + digits[-2:] if len(digits) > 4 else DOTS


def mask_email(value: str) -> str:
    """``j***@example.com``: the first letter and the domain."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}***@{domain}" if at and local else DOTS


def mask_card(value: str) -> str:
    """``****3456``: the last four, as people know their card."""
    return DOTS + value[-4:] if len(value) > 6 else DOTS


def mask_plate(value: str) -> str:
    """``沪A****8``: province and city letter, last character; elsewhere the first two."""
    return f"{value[:2]}{DOTS}{value[-1:]}" if len(value) > 4 else DOTS


def mask_name(value: str) -> str:
    """``王*``, ``欧阳**`` in Chinese; ``J. S***`` (initial, family name's initial) in Latin."""
    name = value.strip()
    if not name:
        return ""
    if _CJK.match(name):
        family = name[:2] if name[:2] in _DOUBLE_SURNAMES and len(name) > 2 else name[:1]
        return family + "*" * max(1, min(len(name) - len(family), 3))
    words = name.split()
    if len(words) == 1:
        return f"{words[0][:1]}***"
    return f"{words[0][:1]}. {words[-1][:1]}***"


def mask_text(value: str) -> str:
    """Anything else: the first character, and nothing of very short values."""
    return f"{value[:1]}***" if len(value) > 3 else "***"
