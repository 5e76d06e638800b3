"""What a reward costs and where a redemption stands, in words: for pages of this app and above."""

from __future__ import annotations

from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge, Tone
from mallard.value.rewards.models import Redemption, Reward, Status

_TONES: dict[str, Tone] = {
    Status.HELD: "warning",
    Status.CONFIRMED: "info",
    Status.COLLECTED: "success",
    Status.CANCELLED: "neutral",
    Status.LAPSED: "neutral",
}


def price(points: int, minor: int, currency: str) -> str:
    """“1,200 points”, or “1,200 points + $5.00”."""
    shown = formats.points(points)
    return f"{shown} + {formats.money(Money(minor, currency))}" if minor else shown


def price_of(reward: Reward) -> str:
    """What one costs."""
    return price(reward.points, reward.price_minor, reward.currency)


def status_badge(row: Redemption) -> Badge:
    """Where a redemption stands."""
    return Badge(row.get_status_display(), _TONES[row.status])
