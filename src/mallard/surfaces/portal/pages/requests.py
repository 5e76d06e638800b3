"""Privacy requests: asked for here, done by the desk by a day that is told at once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.errors import DomainError
from mallard.kernel.http import limits
from mallard.kernel.ui.forms import add_refusal
from mallard.surfaces.portal import privacy
from mallard.surfaces.portal.own import own_page
from mallard.world.memberweb.lane import member_page
from mallard.world.privacy.copying import make_copy
from mallard.world.privacy.settings import ANSWER_DAYS

MAX_WORDS = 2_000
COPIES = limits.Limit(per_minute=1, capacity=3)


class RequestForm(forms.Form):
    """What a member asks for."""

    right = forms.ChoiceField(
        label=_("What would you like?"),
        choices=[(right.code, right.label) for right in privacy.RIGHTS],
        widget=forms.RadioSelect,
    )
    detail = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a correction: what is wrong, and what is right?"),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        needing = {right.code for right in privacy.RIGHTS if right.needs_words}
        if cleaned.get("right") in needing and not cleaned.get("detail"):
            self.add_error("detail", _("Say in a few words what it is about."))
        return cleaned


@member_page
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """The copy of one's own data, made now and kept nowhere."""
    own = own_page(request)
    limits.take(f"copy of:{own.member.pk}", COPIES)
    made = make_copy(own.member.pk, actor=own.actor)
    response = HttpResponse(made.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@member_page
@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """Ask, and follow what was asked."""
    own = own_page(request)
    form = RequestForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                is_new = privacy.ask(
                    form.cleaned_data["right"], words=form.cleaned_data["detail"], actor=own.actor
                )
            except DomainError as error:
                add_refusal(form, error)
            else:
                said = (
                    gettext("We have your request and answer by the day below.")
                    if is_new
                    else gettext("You have asked for this already; we are at it.")
                )
                messages.success(request, said)
                return redirect("portal:requests")
    context = {
        "form": form,
        "rights": privacy.RIGHTS,
        "asked": privacy.asked_by(own.record_ids),
        "answer_days": ANSWER_DAYS.value,
    }
    return render(request, "portal/requests.html", context, status=status)
