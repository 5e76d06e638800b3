"""Setting targets: on a grid, from a file; and looking at them now instead of tonight."""

from __future__ import annotations

from uuid import UUID

from babel.numbers import get_currency_precision
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import name_order
from mallard.kernel.errors import DomainError, NotFound
from mallard.kernel.ui.forms import add_refusal
from mallard.review.targets import queries, services
from mallard.review.targets.files import amount_of, read_targets
from mallard.review.targets.models import Metric, Target
from mallard.review.targets.pages.reading import months_of, wanted_month
from mallard.review.targets.permissions import EDIT_TARGET
from mallard.review.targets.rules import first_of, next_month
from mallard.review.targets.services import TargetInput
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import covers_mall, malls_in
from mallard.world.tasks.wording import month_name

MAX_FILE_BYTES = 1_000_000


class GridForm(forms.Form):
    """An amount for the mall and for each of its stores, in whole currency units."""

    def __init__(self, *args: object, mall: Mall, stores: list[Store], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.currency = mall.currency
        hint = _("Empty: the sum of its stores.")
        self.fields["mall"] = self._amount(mall.name, hint)
        for store in stores:
            self.fields[f"store_{store.pk}"] = self._amount(store.name)

    def _amount(self, label: str, hint: object = "") -> forms.CharField:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        return forms.CharField(
            label=label, required=False, max_length=24, widget=widget, help_text=str(hint)
        )

    def clean(self) -> dict[str, int]:
        """Each amount in minor units; 0 for an empty field."""
        amounts = {}
        for name, text in list(self.cleaned_data.items()):
            try:
                amounts[name] = amount_of(text, self.currency)
            except ValueError as problem:
                self.add_error(name, str(problem))
        return amounts


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: month, mall, store, person, metric, amount."),
    )


def _text(amount: int, currency: str) -> str:
    """Minor units as people type them."""
    digits = get_currency_precision(currency)
    whole, rest = divmod(amount, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if rest else str(whole)


@requires(EDIT_TARGET)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    """The net sales targets of a mall and its stores for a month."""
    actor = actor_of(request)
    mall = malls_in(actor.scope).filter(pk=mall_id).first()
    if mall is None or not covers_mall(actor.scope, mall_id):
        raise NotFound()
    month = wanted_month(request, first_of(queries.last_whole_day(mall)))
    stores = [
        store
        for store in Store.objects.filter(mall=mall).order_by(*name_order())
        if store.closed_on is None or store.closed_on > month
    ]
    present = Target.objects.filter(
        mall=mall, month=month, metric=Metric.NET_SALES, person=None
    ).values_list("store", "amount")
    initial = {
        f"store_{store_id}" if store_id else "mall": _text(amount, mall.currency)
        for store_id, amount in present
    }
    form = GridForm(request.POST or None, mall=mall, stores=stores, initial=initial)
    if request.method == "POST" and form.is_valid():
        targets = [
            TargetInput(
                month=month,
                mall_id=mall.pk,
                store_id=None if name == "mall" else UUID(name.removeprefix("store_")),
                amount=amount,
            )
            for name, amount in form.cleaned_data.items()
        ]
        try:
            changed = services.set_targets(targets, actor=actor)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("%(count)s targets changed.") % {"count": changed})
            return redirect(f"{reverse('targets:mall', args=[mall.pk])}?month={month:%Y-%m}")
    context = {
        "form": form,
        "mall": mall,
        "month": month_name(month),
        "month_value": f"{month:%Y-%m}",
        "months": [
            (f"{next_month(month):%Y-%m}", month_name(next_month(month)), False),
            *months_of(request, month),
        ],
    }
    return render(request, "targets/edit.html", context, status=422 if form.errors else 200)


@requires(EDIT_TARGET)
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Targets from a file: all rows right, or none is taken and each fault is told."""
    actor = actor_of(request)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MAX_FILE_BYTES:
                form.add_error("file", gettext("The file is too long; split it."))
            else:
                read = read_targets(file.read(), actor=actor)
                problems = read.problems
                if not problems:
                    changed = services.set_targets(read.targets, actor=actor)
                    text = gettext("%(count)s targets changed.") % {"count": changed}
                    messages.success(request, text)
                    return redirect("targets:overview")
        except DomainError as error:
            add_refusal(form, error)
    is_wrong = bool(problems or form.errors)
    context = {"form": form, "problems": problems[:200], "count": len(problems)}
    return render(request, "targets/import.html", context, status=422 if is_wrong else 200)


@requires(EDIT_TARGET)
@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """Look now for stores that fall behind."""
    found = services.watch_targets(actor=actor_of(request))
    text = gettext("Looked: %(opened)s tasks opened, %(settled)s settled.")
    messages.success(request, text % {"opened": found.opened, "settled": found.settled})
    return redirect("targets:overview")
