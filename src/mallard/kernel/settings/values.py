"""The values in force, remembered by each process for some seconds."""

from __future__ import annotations

import threading
import time
from typing import Any

from mallard.kernel.settings.declaration import Setting
from mallard.kernel.settings.models import SettingValue

REMEMBERED_SECONDS = 5.0

_lock = threading.Lock()
_remembered: tuple[float, dict[str, Any]] | None = None


def value_of(setting: Setting[Any]) -> Any:
    """The value in force of ``setting``.

    A change is seen at once by the process that made it and within 5 seconds by the others. What
    was kept and no longer fits its declaration (limits became narrower) counts as the default.
    """
    kept = _values().get(setting.code, setting.default)
    return kept if setting.fits(kept) else setting.default


def _values() -> dict[str, Any]:
    global _remembered
    moment = time.monotonic()
    with _lock:
        if _remembered is not None and _remembered[0] > moment:
            return _remembered[1]
    values = dict(SettingValue.objects.values_list("code", "value"))
    with _lock:
        _remembered = (moment + REMEMBERED_SECONDS, values)
    return values


def forget_values() -> None:
    """Read the rows again at the next question."""
    global _remembered
    with _lock:
        _remembered = None
