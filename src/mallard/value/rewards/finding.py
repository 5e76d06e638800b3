"""Rewards and redemptions in the search over everything."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order, named
from mallard.kernel.ui import finding
from mallard.kernel.ui.finding import Hit
from mallard.value.rewards.models import Redemption, Reward
from mallard.value.rewards.permissions import VIEW_REWARD
from mallard.value.rewards.queries import visible_redemptions
from mallard.value.rewards.rules import read_code, shown_code

ICON = "gift"


def find_rewards(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Rewards of which every word is part of a name or code; those that are offered first."""
    rows: QuerySet[Reward] = Reward.objects.all()
    for word in text.split():
        rows = rows.filter(named(word))
    ordered = rows.order_by("closed_at", *name_order())[:limit]
    return [Hit(row.name, reverse("rewards:reward", args=[row.pk]), row.code) for row in ordered]


def find_redemptions(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The redemption with this code, whole, as a member shows or reads it out."""
    code = read_code(text)
    if code is None:
        return []
    return [_hit(row) for row in visible_redemptions(actor).filter(code=code)[:limit]]


def _hit(row: Redemption) -> Hit:
    detail = f"{row.reward.name} · {row.get_status_display()}"
    return Hit(shown_code(row.code), reverse("rewards:redemption", args=[row.pk]), detail)


def register() -> None:
    """Offer both wherever rows are looked for."""
    finding.register(
        finding.Finder(
            "redemptions", _("Redemptions"), "ticket", VIEW_REWARD, find_redemptions, order=22
        )
    )
    finding.register(
        finding.Finder(
            "rewards", _("Rewards"), ICON, VIEW_REWARD, find_rewards, order=65,
            list_url_name="rewards:rewards",
        )
    )  # fmt: skip
