"""Consents: every purpose and channel, given and withdrawn by the same tap, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mallard.kernel.provenance import Origin
from mallard.kernel.ui import formats
from mallard.kernel.ui.errors import render_error
from mallard.surfaces.portal.own import own_page
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Consent, ConsentChannel, ConsentPurpose
from mallard.world.members.queries import current_consents
from mallard.world.members.services import record_consents
from mallard.world.memberweb.lane import member_page

SOURCE = "member page"
HISTORY = 50

# Why somebody might want to know before they say yes or no.
_MEANS = {
    ConsentPurpose.PROGRAMME: _(
        "Needed to keep your membership: card, points, receipts. Without it we close it."
    ),
    ConsentPurpose.MARKETING: _("We write to you about offers, events and your birthday."),
    ConsentPurpose.PROFILING: _("What you buy decides what we suggest to you."),
    ConsentPurpose.SHARE_WITH_TENANT: _(
        "A store in which you buy may know who you are and see what you bought there."
    ),
    ConsentPurpose.RESEARCH: _("We may ask for your opinion now and then."),
}
_BY_CHANNEL = frozenset({ConsentPurpose.MARKETING, ConsentPurpose.RESEARCH})
_SOURCES = {
    SOURCE: _("on this page"),
    "staff": _("at the service desk"),
    "member": _("on this page"),
    "api": _("in another system"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for a purpose on a channel; ``is_said`` False: nobody said so of just this one."""

    channel: str
    label: Any
    is_granted: bool
    is_said: bool


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """A purpose with its answer, and one for each channel where that makes a difference."""

    code: str
    label: Any
    means: Any
    whole: Answer
    channels: tuple[Answer, ...]

    @property
    def is_mixed(self) -> bool:
        """Some channels are allowed and some are not: neither answer stands for the whole."""
        return len({answer.is_granted for answer in self.channels}) > 1

    @property
    def allowed_channels(self) -> str:
        """The allowed ones, as a list that people read."""
        names = [str(answer.label) for answer in self.channels if answer.is_granted]
        return format_list(names, locale=formats.reader_locale())


def answers_of(member_id: UUID) -> list[PurposeRow]:
    """Every purpose, whether anything was said of it or not."""
    said = {
        (consent.purpose, consent.channel): consent.is_granted
        for consent in current_consents([member_id])[member_id]
    }
    rows = []
    for purpose in ConsentPurpose:
        whole = said.get((purpose, ConsentChannel.ANY))
        channels = tuple(
            Answer(
                channel.value,
                channel.label,
                said.get((purpose, channel), bool(whole)),
                (purpose, channel) in said,
            )
            for channel in ConsentChannel
            if channel != ConsentChannel.ANY and purpose in _BY_CHANNEL
        )
        # “Any channel” was never asked, but each of them was, and all agree.
        agreed = {answer.is_granted for answer in channels}
        if whole is None and len(agreed) == 1:
            whole = agreed.pop()
        rows.append(
            PurposeRow(
                purpose.value,
                purpose.label,
                _MEANS[purpose],
                Answer(
                    ConsentChannel.ANY, ConsentChannel.ANY.label, bool(whole), whole is not None
                ),
                channels,
            )
        )
    return rows


@member_page
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """See and change; POST ``purpose``, ``channel`` and ``answer`` (yes or no)."""
    own = own_page(request)
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer not in ("yes", "no"):
            return render_error(request, 422, gettext("There is no such choice."))
        said = ConsentInput(
            request.POST.get("purpose", ""),
            is_granted=answer == "yes",
            channel=request.POST.get("channel", ""),
            source=SOURCE,
        )
        record_consents(own.member.id, _with_channels(own.member.id, said), actor=own.actor)
        messages.success(
            request, gettext("Allowed from now on.") if said.is_granted else gettext("Withdrawn.")
        )
        return redirect("portal:consents")
    history = Consent.objects.filter(member__in=own.record_ids)[:HISTORY]
    context = {
        "rows": answers_of(own.member.id),
        "history": [
            (one, _SOURCES.get(one.source, ""), one.origin == Origin.GENERATED) for one in history
        ],
    }
    return render(request, "portal/consents.html", context)


def _with_channels(member_id: UUID, said: ConsentInput) -> list[ConsentInput]:
    """A withdrawal for any channel withdraws single ones, too: what was allowed of one before would
    go on counting otherwise. Allowing any channel leaves those alone that were refused by name."""
    if said.is_granted or said.channel != ConsentChannel.ANY:
        return [said]
    allowed = [
        consent.channel
        for consent in current_consents([member_id])[member_id]
        if consent.purpose == said.purpose
        and consent.channel != ConsentChannel.ANY
        and consent.is_granted
    ]
    return [
        said,
        *(
            ConsentInput(said.purpose, is_granted=False, channel=channel, source=SOURCE)
            for channel in allowed
        ),
    ]
