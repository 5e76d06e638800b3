"""What can be done with many alerts of the list at once: look into them, call them false alarms.

What is fraud is confirmed one by one: it accuses somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import each_that_may
from mallard.kernel.ui.lists import bulk
from mallard.value.watch import services
from mallard.value.watch.permissions import HANDLE_ALERT
from mallard.value.watch.services.deciding import LEAST_REASON, MOST_REASON

Params = Mapping[str, Any]


class DismissForm(forms.Form):
    """Why all of them are false alarms."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Counts against the pattern. Points that these alerts froze are released."),
    )


def take(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Look into those that nobody looks into."""
    return each_that_may(ids, lambda id_: services.take_alert(id_, actor=actor))


def dismiss(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Those that are not decided are false alarms."""
    reason = params["reason"]
    return each_that_may(ids, lambda id_: services.dismiss_alert(id_, reason=reason, actor=actor))


def reopen(ids: Sequence[UUID], params: Params, actor: Actor) -> list[UUID]:
    """Undo of `dismiss`. What was released stays so: who froze it looks again."""
    return each_that_may(ids, lambda id_: services.reopen_alert(id_, actor=actor))


def _dismiss_form(_actor: Actor, data: Any) -> DismissForm:
    return DismissForm(data)


def register() -> None:
    """Offer them on the list of alerts."""
    for action in (
        bulk.BulkAction(
            "watch.take", "fraud_alerts", _("Look into it"), "eye", HANDLE_ALERT, take,
            lambda n: ngettext("Look into %(n)s alert.", "Look into %(n)s alerts.", n) % {"n": n},
            lambda n: ngettext("%(n)s alert is yours.", "%(n)s alerts are yours.", n) % {"n": n},
            order=10,
        ),
        bulk.BulkAction(
            "watch.dismiss", "fraud_alerts", _("False alarm"), "circle-x", HANDLE_ALERT, dismiss,
            lambda n: ngettext(
                "Call %(n)s alert a false alarm.", "Call %(n)s alerts false alarms.", n
            ) % {"n": n},
            lambda n: ngettext(
                "%(n)s alert is a false alarm.", "%(n)s alerts are false alarms.", n
            ) % {"n": n},
            form=_dismiss_form, undo=reopen, order=20,
        ),
    ):  # fmt: skip
        bulk.register(action)
