"""How the ledger's pages call and link what tills did: the reasons, and receipts as sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.value.ledger.models import TransferKind
from mallard.value.ledger.sources import (
    SourceLink,
    register_reason,
    register_source,
    register_visibility,
)
from mallard.value.ledger.stories import told_elsewhere
from mallard.value.loyalty.services import SOURCE_KIND
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.value.sales.queries import visible_receipts


def register() -> None:
    """Called once, when the app is ready."""
    register_reason("purchase", _("Purchase"))
    register_reason("return", _("Return"))
    register_reason("reassessed", _("Assessed again"))
    register_reason("active", _("A purchase that was told late lets them live on"))
    register_source(SOURCE_KIND, receipt_links)
    told_elsewhere(SOURCE_KIND, TransferKind.ACCRUE, VIEW_RECEIPT)
    register_visibility(SOURCE_KIND, lambda actor: visible_receipts(actor).values("pk"))


def receipt_links(receipt_ids: Collection[UUID], actor: Actor) -> Mapping[UUID, SourceLink]:
    """Numbers of the receipts that the reader may see, with their pages."""
    if not actor.may(VIEW_RECEIPT):
        return {}
    seen = visible_receipts(actor).filter(pk__in=receipt_ids).values_list("pk", "number")
    return {pk: SourceLink(number, reverse("checkout:receipt", args=[pk])) for pk, number in seen}
