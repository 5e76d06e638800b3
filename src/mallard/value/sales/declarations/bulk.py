"""What the mall can do with many declarations of the list at once: confirm or dispute them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.lists import bulk
from mallard.value.sales.declarations import queries
from mallard.value.sales.declarations.services import MAX_REASON, review_declarations
from mallard.value.sales.models import DeclarationStatus
from mallard.value.sales.permissions import REVIEW_DECLARATION
from mallard.world.malls.queries import covers_mall

Params = Mapping[str, Any]


class DisputeForm(forms.Form):
    """What does not fit, the same for all of them."""

    reason = forms.CharField(
        label=_("What does not fit"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The tenant reads this beside the day and can declare it anew."),
    )


def _review(
    ids: Sequence[UUID],
    actor: Actor,
    status: DeclarationStatus,
    before: Sequence[DeclarationStatus],
    reason: str = "",
) -> list[UUID]:
    """Bring those that stand at one of ``before`` to ``status``: whoever declared in between, or
    reviewed, is not overruled by a tick that was set earlier."""
    rows = queries.declarations_in(actor.scope).filter(pk__in=ids, status__in=before)
    reviewed = [
        row.pk
        for row in rows.select_related("store")
        if covers_mall(actor.scope, row.store.mall_id)
    ]
    if reviewed:
        review_declarations(reviewed, status=status, reason=reason, actor=actor)
    return reviewed


def confirm(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    return _review(ids, actor, DeclarationStatus.CONFIRMED, [DeclarationStatus.DECLARED])


def open_again(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Undo of `confirm` and `dispute`."""
    settled = [DeclarationStatus.CONFIRMED, DeclarationStatus.DISPUTED]
    return _review(ids, actor, DeclarationStatus.DECLARED, settled)


def dispute(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    before = [DeclarationStatus.DECLARED]
    return _review(ids, actor, DeclarationStatus.DISPUTED, before, reason=params["reason"])


def _dispute_form(_actor: Actor, data: Any) -> DisputeForm:
    return DisputeForm(data)


def register() -> None:
    """Offer them on the list of declarations."""
    for action in (
        bulk.BulkAction(
            "sales.confirm", "declarations", _("Confirm"), "check", REVIEW_DECLARATION, confirm,
            lambda n: ngettext(
                "Confirm %(n)s declaration.", "Confirm %(n)s declarations.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s declaration is confirmed.", "%(n)s declarations are confirmed.", n
            ) % {"n": n},
            undo=open_again, order=10,
        ),
        bulk.BulkAction(
            "sales.dispute", "declarations", _("Dispute"), "alert-triangle", REVIEW_DECLARATION,
            dispute,
            lambda n: ngettext(
                "Dispute %(n)s declaration.", "Dispute %(n)s declarations.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s declaration is disputed.", "%(n)s declarations are disputed.", n
            ) % {"n": n},
            form=_dispute_form, undo=open_again, order=20,
        ),
    ):  # fmt: skip
        bulk.register(action)
