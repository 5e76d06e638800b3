"""What this process has put together of homes lately, as it went to the reader.

Readers with one role, the same rights, places and language see the same home, and its figures
change less often than it is opened. So what was rendered is kept for a minute under everything that
it depends on (`versions`): the living part under its version, which changes with each fact; the
rest under the reader alone, so a trend or a plan is at most a minute older than the figures above.
What stands beside trade and changes no version (declarations, counters, tasks) shows in a minute
too.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

KEPT_SECONDS = 60.0
MOST = 200
"""About 60 kB each."""

_kept: OrderedDict[Hashable, tuple[float, str]] = OrderedDict()
_lock = threading.Lock()


def remembered(key: Hashable, make: Callable[[], str]) -> str:
    """What ``make`` returned for ``key`` within the last minute, else what it returns now."""
    now = time.monotonic()
    with _lock:
        found = _kept.get(key)
    if found is not None and found[0] > now:
        return found[1]
    text = make()
    with _lock:
        _kept[key] = (now + KEPT_SECONDS, text)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return text


def forget_homes() -> None:
    """Put everything together anew."""
    with _lock:
        _kept.clear()
