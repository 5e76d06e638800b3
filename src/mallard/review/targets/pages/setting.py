"""Setting targets: on a grid, from a file; and looking at them now instead of tonight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from babel.numbers import get_currency_precision
from django import forms
from django.contrib import messages
from django.db.models import Q
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
from mallard.review.targets import queries, services, watching
from mallard.review.targets.files import amount_of, read_targets
from mallard.review.targets.models import Metric, Target
from mallard.review.targets.pages.reading import months_of, wanted_month
from mallard.review.targets.permissions import EDIT_TARGET
from mallard.review.targets.rules import first_of, next_month
from mallard.review.targets.services import TargetInput
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import covers_mall, malls_in, stores_in
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import assistants_at
from mallard.world.tasks.wording import month_name

MAX_FILE_BYTES = 1_000_000


class GridForm(forms.Form):
    """An amount for each of some places or people, in whole currency units, or a count when there
    is no currency. ``labels`` by the name of the field."""

    def __init__(
        self, *args: object, labels: Mapping[str, str], currency: str, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.currency = currency
        for name, label in labels.items():
            hint = _("Empty: the sum of its stores.") if name == "mall" else ""
            self.fields[name] = self._amount(label, hint)

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


@dataclass(frozen=True, slots=True)
class _Place:
    """What a field of the grid is the target of: the mall, a store, or a person at a store."""

    field: str
    label: str
    store_id: UUID | None = None
    person_id: UUID | None = None


def _text(amount: int, currency: str) -> str:
    """Minor units as people type them."""
    digits = get_currency_precision(currency) if currency else 0
    whole, rest = divmod(amount, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if rest else str(whole)


@requires(EDIT_TARGET)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, mall_id: UUID) -> HttpResponse:
    """The targets of a mall and its stores for a month: net sales, or new members."""
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
    places = [_Place("mall", mall.name)]
    places += [_Place(f"store_{one.pk}", one.name, one.pk) for one in stores]
    return _grid(request, mall, month, places, reverse("targets:mall", args=[mall.pk]), mall.name)


@requires(EDIT_TARGET)
@require_http_methods(["GET", "POST"])
def edit_people(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """The targets of a store's sales assistants for a month, and of others who have one there."""
    actor = actor_of(request)
    store = stores_in(actor.scope).select_related("mall").filter(pk=store_id).first()
    if store is None or not covers_mall(actor.scope, store.mall_id):
        raise NotFound()
    month = wanted_month(request, first_of(queries.last_whole_day(store.mall)))
    held = Target.objects.filter(store=store, month=month, person__isnull=False)
    people = StaffUser.objects.filter(
        Q(pk__in=assistants_at(store).values("pk")) | Q(pk__in=held.values("person"))
    ).order_by("name", "pk")
    places = [
        _Place(f"person_{one.pk}", f"{one.name} · {one.email}", store.pk, one.pk) for one in people
    ]
    back = reverse("targets:store", args=[store.pk])
    return _grid(request, store.mall, month, places, back, store.name)


def _grid(
    request: HttpRequest,
    mall: Mall,
    month: dt.date,
    places: Sequence[_Place],
    back: str,
    back_label: str,
) -> HttpResponse:
    """An amount for each of ``places``: of the month and the figure in the address."""
    metric = _wanted_metric(request)
    currency = mall.currency if metric == Metric.NET_SALES else ""
    present: dict[tuple[UUID | None, UUID | None], int] = {
        (row[0], row[1]): row[2]
        for row in Target.objects.filter(mall=mall, month=month, metric=metric).values_list(
            "store", "person", "amount"
        )
    }
    initial = {
        one.field: _text(present[one.store_id, one.person_id], currency)
        for one in places
        if (one.store_id, one.person_id) in present
    }
    labels = {one.field: one.label for one in places}
    form = GridForm(request.POST or None, labels=labels, currency=currency, initial=initial)
    back = f"{back}?month={month:%Y-%m}"
    if request.method == "POST" and form.is_valid():
        targets = [
            TargetInput(
                month=month,
                mall_id=mall.pk,
                store_id=one.store_id,
                person_id=one.person_id,
                metric=metric,
                amount=form.cleaned_data[one.field],
            )
            for one in places
        ]
        try:
            changed = services.set_targets(targets, actor=actor_of(request))
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("%(count)s targets changed.") % {"count": changed})
            return redirect(back)
    following = next_month(month)
    context = {
        "form": form,
        "mall": mall,
        "is_empty": not places,
        "is_count": metric == Metric.NEW_MEMBERS,
        "back": back,
        "back_label": back_label,
        "month": month_name(month),
        "month_value": f"{month:%Y-%m}",
        "metrics": [(one.value, one.label, one == metric) for one in Metric],
        "months": [
            (f"{following:%Y-%m}", month_name(following), False),
            *(one for one in months_of(request, month) if one[0] != f"{following:%Y-%m}"),
        ],
    }
    return render(request, "targets/edit.html", context, status=422 if form.errors else 200)


def _wanted_metric(request: HttpRequest) -> Metric:
    """The figure in the address (``?metric=new_members``), or else net sales."""
    wanted = request.GET.get("metric", "")
    return Metric(wanted) if wanted in Metric.values else Metric.NET_SALES


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
    """Look now for malls, stores and people that fall behind."""
    found = watching.watch_targets(actor=actor_of(request))
    text = gettext("Looked: %(opened)s tasks opened, %(settled)s settled.")
    messages.success(request, text % {"opened": found.opened, "settled": found.settled})
    return redirect("targets:overview")
