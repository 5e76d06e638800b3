"""What a member allows: each purpose by channel as it counts now, and everything that was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.provenance import Origin
from mallard.kernel.ui.parts import Badge
from mallard.world.members.models import Consent, ConsentChannel, ConsentPurpose
from mallard.world.members.permissions import RECORD_CONSENT, VIEW_MEMBER, VIEW_NAME
from mallard.world.members.persons import persons
from mallard.world.members.queries import (
    children_without_guardian,
    current_consents,
    visible_member,
)
from mallard.world.members.showing import proofs, source_in_words

MAX_SHOWN = 200


def _cell(said: Mapping[tuple[str, str], bool], purpose: str, channel: str) -> Any:
    """What counts for a purpose on a channel: its own answer, else the one for any channel."""
    answer = said.get((purpose, channel))
    if answer is None:
        answer = said.get((purpose, ConsentChannel.ANY))
    if answer is None:
        return None
    return Badge(_("Allowed"), "success") if answer else Badge(_("Refused"), "neutral")


@requires(VIEW_MEMBER)
@never_cache
@require_safe
def consent_history(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Purposes by channels, then the history with source; with proof for those who record it."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    said = {
        (one.purpose, one.channel): one.is_granted
        for one in current_consents([member.id])[member.id]
    }
    person = persons([member])[member.id]
    history = list(Consent.objects.filter(member__in=person.ids)[:MAX_SHOWN])
    sees_proofs = actor.may(RECORD_CONSENT) and actor.may(VIEW_NAME)
    proof_of = proofs(history) if sees_proofs else {}
    context = {
        "member": member,
        "channels": ConsentChannel.labels,
        "purposes": [
            (label, [_cell(said, purpose, channel) for channel in ConsentChannel.values])
            for purpose, label in ConsentPurpose.choices
        ],
        "waits_for_guardian": bool(children_without_guardian([member.id])),
        "history": [
            (
                one,
                source_in_words(one),
                proof_of.get(one.id, ""),
                one.origin == Origin.GENERATED,
                person.number_of(one.member_id),
            )
            for one in history
        ],
        "sees_proofs": sees_proofs,
    }
    return render(request, "members/consents.html", context)
