"""Bring a friend: one's own code, what it gives, whom one brought, and who brought oneself."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from mallard.kernel.errors import DomainError
from mallard.kernel.ui.forms import add_refusal
from mallard.surfaces.portal.friends import friends_of, promise
from mallard.surfaces.portal.own import own_page
from mallard.world.members.referrals import may_still_say, referrer_of
from mallard.world.members.services import refer_member, referral_code_of
from mallard.world.memberweb.barcodes import qr
from mallard.world.memberweb.lane import member_page, open_page


class BroughtByForm(forms.Form):
    referrer = forms.CharField(label=_("Your friend’s code"), max_length=16)


@member_page
@require_http_methods(["GET", "POST"])
def friends(request: HttpRequest) -> HttpResponse:
    """The member's own code; whoever joined lately says who brought them."""
    own = own_page(request)
    may_say = referrer_of(own.member.pk) is None and may_still_say(own.member)
    form = BroughtByForm(request.POST or None, initial={"referrer": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["referrer"]
        try:
            refer_member(own.member.pk, words, source="portal", actor=own.actor)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("Thank you. It is recorded who brought you."))
            return redirect("portal:friends")
    code = referral_code_of(own.member.pk)
    link = request.build_absolute_uri(reverse("portal:invitation", args=[code]))
    context = {
        "code": code,
        "link": link,
        "qr": qr(link),
        "promise": promise(),
        "friends": friends_of(own.member.pk),
        "form": form if may_say or form.is_bound else None,
    }
    return render(request, "portal/friends.html", context, status=422 if form.is_bound else 200)


@open_page
@require_GET
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """What a friend sees who opens the link: the code, and how to join with it. Whether it is
    anybody's is not told here, so that codes cannot be tried out."""
    shown = code.upper()[:12]
    is_in = request.member is not None  # type: ignore[attr-defined]
    context = {"code": shown if shown.isalnum() else "", "is_in": is_in}
    return render(request, "portal/invitation.html", context)
