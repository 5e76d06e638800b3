"""What can be set, by whom it is declared, and which values are right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.utils.functional import Promise

Text = str | Promise
Value = TypeVar("Value", bool, int, str)

MAX_TEXT = 500
_CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """One choice. Its type is its default's: a switch, a whole number, a text or, with
    ``choices`` (value → what people read), one of these."""

    code: str
    title: Text
    hint: Text
    default: Value
    minimum: int | None = None
    maximum: int | None = None
    choices: Mapping[str, Text] | None = None
    unit: Text = ""

    @property
    def app_label(self) -> str:
        """The app that declared it: the first part of the code."""
        return self.code.partition(".")[0]

    @property
    def value(self) -> Value:
        """The value in force."""
        return cast(Value, setting_value(self.code))

    def fits(self, value: Any) -> bool:
        """Whether ``value`` has the right type and lies within the limits."""
        if type(value) is not type(self.default):
            return False
        if self.choices is not None:
            return value in self.choices
        if isinstance(value, str):
            return len(value) <= MAX_TEXT
        is_low = self.minimum is not None and value < self.minimum
        is_high = self.maximum is not None and value > self.maximum
        return not (is_low or is_high)


_declared: dict[str, Setting[Any]] = {}


def declare_setting(
    code: str,
    title: Text,
    *,
    hint: Text,
    default: Value,
    minimum: int | None = None,
    maximum: int | None = None,
    choices: Mapping[str, Text] | None = None,
    unit: Text = "",
) -> Setting[Value]:
    """Make a setting known; call it in an app's ``settings.py``, which is loaded at start-up.

    ``code`` is the app and a name (``staff.step_up_minutes``): never rename it, rows name it. A
    whole number has a minimum and a maximum. No secrets: those come through the environment.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"a setting is named like `staff.step_up_minutes`, not {code!r}")
    if code in _declared:
        raise ValueError(f"setting {code} is declared twice")
    setting = Setting(code, title, hint, default, minimum, maximum, choices, unit)
    is_number = type(default) is int
    if is_number and (minimum is None or maximum is None):
        raise ValueError(f"setting {code} needs a minimum and a maximum")
    if not setting.fits(default):
        raise ValueError(f"setting {code} has a default outside of its limits")
    _declared[code] = setting
    return setting


def declared_setting(code: str) -> Setting[Any] | None:
    """The setting of that code, if somebody declared it."""
    return _declared.get(code)


def setting_value(code: str) -> Any:
    """The value in force of a declared setting; raises LookupError for any other code."""
    # Not at the top: apps import this module before Django knows of tables.
    from mallard.kernel.settings.values import value_of

    setting = _declared.get(code)
    if setting is None:
        raise LookupError(f"nobody declared the setting {code}")
    return value_of(setting)


def declared_settings() -> list[Setting[Any]]:
    """Every setting, by code."""
    return [_declared[code] for code in sorted(_declared)]


def withdraw_setting(code: str) -> None:
    """Make a setting unknown again (tests)."""
    _declared.pop(code, None)
