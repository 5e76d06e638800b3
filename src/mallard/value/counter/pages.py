"""Points from a paper receipt: bring one in, the list of all, and the second person's decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import BooleanFilter, ChoiceFilter, DateRangeFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage, Total
from mallard.kernel.ui.parts import Badge, Fact, Tone
from mallard.kernel.ui.templatetags.ui import at
from mallard.value.counter import queries, services
from mallard.value.counter.errors import OthersReceipt
from mallard.value.counter.forms import TENDERS, BackdateForm, DeclineForm
from mallard.value.counter.models import PaperReceipt, State
from mallard.value.counter.permissions import APPROVE_RECEIPT, BACKDATE_POINTS
from mallard.value.counter.settings import ALONE_UP_TO
from mallard.value.rewards.permissions import REDEEM_REWARD
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.world.catalog.models import RestrictedKind
from mallard.world.malls.queries import stores_in
from mallard.world.members.queries import visible_member

_TONES: dict[str, Tone] = {
    State.WAITING: "warning",
    State.RECORDED: "success",
    State.NAMED: "success",
    State.DECLINED: "neutral",
    State.REFUSED: "danger",
}


def state_of(row: PaperReceipt) -> Badge:
    """What came of it, the till's later word included."""
    if row.is_at_odds:
        return Badge(_("The till says otherwise"), "danger", "alert-triangle")
    if row.met_at is not None:
        return Badge(_("Confirmed by the till"), "success", "check")
    return Badge(row.get_state_display(), _TONES[row.state])


def _store_choices(request: HttpRequest) -> list[tuple[str, str]]:
    stores = stores_in(actor_of(request).scope).order_by("code")
    return [(str(store.pk), store.name) for store in stores]


def _amount(row: PaperReceipt) -> Money:
    return Money(row.amount_minor, row.currency)


RECEIPTS = ListPage(
    key="paper-receipts",
    title=_("Back-dated receipts"),
    columns=(
        Column(
            "asked",
            _("When"),
            lambda row: at(row.asked_at, row.store.mall.zone),
            sort="asked_at",
            plain=lambda row: row.asked_at.astimezone(row.store.mall.zone),
        ),
        Column("number", _("Receipt number"), "number", sort="number"),
        Column("state", _("State"), state_of),
        Column("store", _("Store"), "store.name", from_width="md"),
        Column("day", _("Business day"), lambda row: formats.day(row.business_day),
               sort="business_day", plain="business_day", from_width="md"),
        Column("amount", _("Amount"), lambda row: formats.money(_amount(row)), align="end",
               from_width="sm",
               sort="amount_minor", plain=_amount, is_money=True),
        Column("points", _("Points"),
               lambda row: None if row.points is None else formats.number(row.points),
               align="end", plain="points", from_width="md"),
        Column("member", _("Member"), "member.number", from_width="lg"),
        Column("by", _("Brought in by"), "asked_by_label", from_width="xl"),
        Column("decided", _("Decided by"), "decided_by_label", is_shown=False),
    ),
    default_sort="-asked",
    filters=(
        ChoiceFilter("state", _("State"), choices=State.choices, column="state"),
        ChoiceFilter("store", _("Store"), choices=_store_choices, column="store_id"),
        DateRangeFilter("day", _("Business day"), column="business_day", is_moment=False),
        BooleanFilter(
            "unmet", _("Not yet confirmed by the till"),
            apply=lambda rows: rows.filter(state=State.RECORDED, met_at=None),
        ),
        BooleanFilter("odds", _("The till says otherwise"), apply=queries.at_odds),
    ),
    totals=(Total(_("Points"), Coalesce(Sum("points"), 0), formats.number),),
    row_url=lambda row: reverse("counter:receipt", args=[row.pk]),
    empty=Empty(
        _("No paper receipts yet"),
        _("Find a member at the service counter and choose “Back-date points”."),
        icon="receipt",
    ),
)  # fmt: skip


@requires(BACKDATE_POINTS)
@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """Every paper receipt that was brought in, newest first."""
    return RECEIPTS.respond(request, queries.visible_paper(actor_of(request)))


@requires(BACKDATE_POINTS)
@require_http_methods(["GET", "POST"])
def backdate(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Type a paper receipt; the answer says what came of it."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = BackdateForm(request.POST or None, actor=actor)
    if form.is_bound and form.is_valid():
        try:
            row = services.bring_receipt(form.paper(member.pk), actor=actor)
            if row.state == State.REFUSED:
                raise OthersReceipt()
        except (Invalid, Conflict) as error:
            add_refusal(form, error)
        else:
            messages.success(request, _done(row))
            return HttpResponseRedirect(reverse("counter:receipt", args=[row.pk]))
    back = _back(actor, member.pk)
    context = {
        "form": form,
        "title": _("Back-date points"),
        "submit": _("Check and back-date"),
        "back_url": back,
        "back_label": member.number,
    }
    return render(request, "ui/form_page.html", context, status=422 if form.is_bound else 200)


def _back(actor: Actor, member_id: UUID) -> str:
    name = "rewards:at_counter" if actor.may(REDEEM_REWARD) else "members:detail"
    return reverse(name, args=[member_id])


def _done(row: PaperReceipt) -> str:
    if row.state == State.WAITING:
        if row.others_told:
            waits = gettext("A second person has a task. Nothing is credited yet.")
            return f"{_untold(row, row.others_told)} {waits}"
        return gettext("It waits for a second person, who has a task. Nothing is credited yet.")
    if not row.points:
        return gettext(
            "The purchase is the member's now. It earns no points: the receipt says why."
        )
    points = formats.number(row.points)
    return gettext("%(points)s points are credited.") % {"points": points}


def _untold(row: PaperReceipt, count: int) -> str:
    """That the till told others of that day and not this one, in a plain sentence."""
    sentence = ngettext(
        "The till of %(store)s told %(count)s receipt of %(day)s, but not this one.",
        "The till of %(store)s told %(count)s receipts of %(day)s, but not this one.",
        count,
    )
    day = formats.day(row.business_day)
    return sentence % {"store": row.store.name, "count": formats.number(count), "day": day}


@requires(BACKDATE_POINTS)
@require_GET
def receipt(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """A paper receipt: what was typed, who agreed, what the till says."""
    return _page(request, queries.visible_one(actor_of(request), paper_id))


def _page(
    request: HttpRequest, row: PaperReceipt, decline_form: DeclineForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    is_waiting = row.state == State.WAITING
    is_own = is_waiting and actor.id == row.asked_by_id
    # While it waits, as it is now: the second person decides on that.
    others = queries.told_without(row) if is_waiting else row.others_told
    context = {
        "row": row,
        "untold": _untold(row, others) if others else "",
        "state": state_of(row),
        "facts": _facts(row, actor),
        "decisions": _decisions(row, others),
        "is_own": is_own,
        "may_decide": is_waiting and not is_own and actor.may(APPROVE_RECEIPT),
        "decline_form": decline_form or DeclineForm(),
        "is_declining": decline_form is not None,
        "counter_url": _back(actor, row.member_id),
    }
    return render(request, "counter/receipt.html", context, status=422 if decline_form else 200)


def _facts(row: PaperReceipt, actor: Actor) -> list[Fact]:
    zone = row.store.mall.zone
    receipt_url = ""
    if row.receipt_id and actor.may(VIEW_RECEIPT):
        receipt_url = reverse("checkout:receipt", args=[row.receipt_id])
    facts = [
        Fact(_("Member"), row.member.number, url=_back(actor, row.member_id)),
        Fact(_("Store"), row.store.name, hint=row.store.mall.name),
        Fact(_("Receipt number"), row.number, url=receipt_url),
        Fact(_("Day and time on the receipt"), formats.moment(row.occurred_at, zone)),
        Fact(_("Amount paid"), formats.money(_amount(row))),
    ]
    if row.restricted_minor:
        kind = RestrictedKind(row.restricted_kind).label
        amount = formats.money(Money(row.restricted_minor, row.currency))
        facts.append(Fact(_("Restricted goods on it"), f"{kind} {amount}"))
    if row.goods:
        told = ", ".join(
            f"{code} {formats.money(Money(amount, row.currency))}" for code, amount in row.goods
        )
        facts.append(Fact(_("Goods"), told))
    if row.tender:
        facts.append(Fact(_("Paid with"), dict(TENDERS).get(row.tender, row.tender)))
    points = None if row.points is None else formats.number(row.points)
    facts.append(Fact(_("Points credited"), points))
    return facts


def _decisions(row: PaperReceipt, others: int) -> list[Fact]:
    zone = row.store.mall.zone
    facts = [Fact(_("Brought in by"), row.asked_by_label, hint=at(row.asked_at, zone))]
    if row.is_second_needed:
        limit = Money(services.rules.minor_of(ALONE_UP_TO.value, row.currency), row.currency)
        hint = gettext("Above %(limit)s a second person decides.")
        why = hint % {"limit": formats.money(limit)}
        if others and row.amount_minor <= limit.minor:
            why = gettext("A second person decides on what the till has not told.")
        facts.append(Fact(_("Four eyes"), why))
    if row.decided_at is not None:
        facts.append(Fact(_("Decided by"), row.decided_by_label, hint=at(row.decided_at, zone)))
    if row.state == State.DECLINED:
        facts.append(Fact(pgettext_lazy("paper receipt", "Why not"), queries.answer_of(row)))
    if row.met_at is not None:
        told = formats.money(Money(row.told_minor or 0, row.currency))
        facts.append(Fact(_("The till says"), told, hint=at(row.met_at, zone)))
        if row.names_another:
            facts.append(Fact(_("Member at the till"), gettext("Somebody else")))
    return facts


@requires(APPROVE_RECEIPT)
@require_POST
@step_up
def approve(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Agree to what somebody else brought in."""
    try:
        row = services.decide_receipt(
            paper_id,
            is_approved=True,
            has_seen_others=request.POST.get("others") == "seen",
            actor=actor_of(request),
        )
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        if row.state == State.REFUSED:
            messages.error(request, OthersReceipt().sentence)
        else:
            messages.success(request, _done(row))
    return redirect("counter:receipt", paper_id)


@requires(APPROVE_RECEIPT)
@require_POST
def decline(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Leave it, and say why."""
    actor = actor_of(request)
    row = queries.visible_one(actor, paper_id)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            services.decide_receipt(
                paper_id, is_approved=False, reason=form.cleaned_data["reason"], actor=actor
            )
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("Declined: nothing has changed."))
            return redirect("counter:receipt", paper_id)
    return _page(request, row, form)
