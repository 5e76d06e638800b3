"""How the ledger's pages call points that were given without a receipt."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.value.ledger.sources import register_reason, register_visibility
from mallard.value.loyalty.models import Grant
from mallard.value.loyalty.services.granting import SOURCE_KIND
from mallard.world.malls.queries import whole_malls_in


def register() -> None:
    """Called once, when the app is ready."""
    register_reason("welcome", _("Welcome points"))
    register_reason("profile", _("Profile completed"))
    register_visibility(
        SOURCE_KIND,
        lambda actor: Grant.objects.filter(mall__in=whole_malls_in(actor.scope)).values("pk"),
    )
