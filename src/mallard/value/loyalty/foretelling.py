"""A fall that is coming, in words for staff: when, to what, and what would keep the tier."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from mallard.kernel.bilingual import between_sentences
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.value.loyalty.queries import tier_names
from mallard.value.loyalty.standing import Standing


def fall_told(standing: Standing, currency: str) -> str:
    """When the tier falls and what keeps it; empty while no fall is known."""
    if standing.falls_on is None:
        return ""
    told = gettext("Becomes %(tier)s on %(day)s unless more is bought.") % {
        "tier": tier_names().get(standing.falls_to or "") or gettext("No tier"),
        "day": formats.day(standing.falls_on),
    }
    missing = _missing(standing, currency)
    if not missing:
        return told
    kept = gettext("Before that day it takes: %(missing)s.") % {"missing": " · ".join(missing)}
    return between_sentences().join((told, kept))


def _missing(standing: Standing, currency: str) -> list[str]:
    keep, found = standing.keep, []
    if keep is None:
        return []
    if keep.spend_minor:
        found.append(formats.money(Money(keep.spend_minor, currency)))
    if keep.visits:
        words = ngettext("%(visits)s visit", "%(visits)s visits", keep.visits)
        found.append(words % {"visits": formats.number(keep.visits)})
    if keep.value:
        value = formats.number(keep.value)
        found.append(gettext("%(value)s qualifying value") % {"value": value})
    return found
