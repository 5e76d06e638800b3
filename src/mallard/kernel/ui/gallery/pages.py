"""Every part on one page, a list, a form, a sign-in and the error pages.

For the people who build pages and for the browser tests that look at all of it; never routed in
production.
"""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Permission
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Template
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import OPEN, requires
from mallard.kernel.ui import formats
from mallard.kernel.ui.errors import render_error
from mallard.kernel.ui.filters import BooleanFilter, ChoiceFilter, SearchFilter
from mallard.kernel.ui.gallery import samples
from mallard.kernel.ui.lists import Column, Empty, ListPage, Total
from mallard.kernel.ui.parts import Badge

ROWS = ListPage(
    key="gallery",
    title=_("Sample list"),
    columns=(
        Column("code", _("Code"), "codename", sort="codename"),
        Column("name", _("Name"), "name", sort="name", from_width="md"),
        Column("app", _("Part"), lambda row: Badge(row.content_type.app_label, "info")),
        Column(
            "number", _("Number"), lambda row: formats.number(row.pk * 977), sort="pk", align="end"
        ),
    ),
    default_sort="code",
    filters=(
        SearchFilter(
            label=_("Find by code"), search=lambda rows, text: rows.filter(codename__icontains=text)
        ),
        ChoiceFilter(
            "app",
            _("Part"),
            choices=(("auth", "auth"), ("sessions", "sessions")),
            column="content_type__app_label",
        ),
        BooleanFilter(
            "add", _("Only additions"), apply=lambda rows: rows.filter(codename__startswith="add")
        ),
    ),
    totals=(Total(_("Rows"), Count("pk"), formats.number),),
    row_url=lambda row: f"/ui/gallery?row={row.pk}",
    empty=Empty(_("No rows yet"), _("Rows appear when there are some.")),
    size=25,
)


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the receipt."), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=[("g", _("Gold")), ("s", _("Silver"))])
    joined = forms.DateField(
        label=_("Joined"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[("sms", _("Text message")), ("mail", _("E-mail"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agreed = forms.BooleanField(label=_("The member agreed"), help_text=_("Asked at the desk."))


@login_not_required
@requires(OPEN)
def parts_page(request: HttpRequest) -> HttpResponse:
    context = {
        "facts": samples.facts(),
        "entries": samples.entries(),
        "tabs": samples.tabs(),
        "charts": [samples.sales_chart(), samples.share_chart()],
        "tones": ["neutral", "accent", "success", "info", "warning", "danger", "generated"],
        "moment": samples.NOON,
        "zone": samples.SHANGHAI,
    }
    return render(request, "ui/gallery/parts.html", context)


@login_not_required
@requires(OPEN)
def list_page(request: HttpRequest) -> HttpResponse:
    return ROWS.respond(request, Permission.objects.select_related("content_type"))


@login_not_required
@requires(OPEN)
def form_page(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or None)
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "ui/gallery/form.html", {"form": form}, status=status)


@login_not_required
@requires(OPEN)
def centered_page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery/centered.html", {"form": SampleForm()})


@login_not_required
@requires(OPEN)
def error_page(request: HttpRequest, status: int) -> HttpResponse:
    return render_error(request, status, code="ui.sample")


@login_not_required
@requires(OPEN)
def reveal(request: HttpRequest) -> HttpResponse:
    template = Template('{% masked "138 0013 8000" label %}')
    return HttpResponse(template.render(Context({"label": _("Phone")})))
