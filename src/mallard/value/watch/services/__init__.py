"""Every write of the fraud watch: looking, deciding, freezing, and what it goes by."""

from mallard.value.watch.services.deciding import (
    confirm_alert,
    dismiss_alert,
    end_exemption,
    reopen_alert,
    take_alert,
)
from mallard.value.watch.services.forgetting import clear_after_erasure
from mallard.value.watch.services.freezing import freeze_points, release_points
from mallard.value.watch.services.looking import Report, look, start_looking
from mallard.value.watch.services.thresholds import (
    count_terms,
    put_in_force,
    try_terms,
)

__all__ = [
    "Report",
    "clear_after_erasure",
    "confirm_alert",
    "count_terms",
    "dismiss_alert",
    "end_exemption",
    "freeze_points",
    "look",
    "put_in_force",
    "release_points",
    "reopen_alert",
    "start_looking",
    "take_alert",
    "try_terms",
]
