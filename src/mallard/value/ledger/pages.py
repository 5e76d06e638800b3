"""The ledger explorer: where points came from, where they went, and who bears them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import with_shown_name
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.value.ledger import queries
from mallard.value.ledger.models import Account, FunderDay, FunderKind, Receivable, Transfer
from mallard.value.ledger.panels import lot_state
from mallard.value.ledger.permissions import VIEW_LEDGER, VIEW_WALLET
from mallard.value.ledger.showing import (
    OWNERS,
    TransferRow,
    reason_text,
    source_cell,
    transfer_rows,
)
from mallard.world.malls.queries import malls_in, tenants_in
from mallard.world.members.queries import visible_member, visible_members

TRANSFERS_ON_A_PAGE = 50


def _points(name: str) -> Column:
    titles = {
        "earned": _("Earned"),
        "redeemed": _("Redeemed"),
        "expired": _("Expired"),
        "outstanding": _("Outstanding"),
        "owed": _("Owed by members"),
    }
    is_minor = name in {"expired", "owed"}
    return Column(
        name,
        titles[name],
        lambda account: formats.number(getattr(account, name)),
        sort=name,
        plain=name,
        align="end",
        from_width="md" if is_minor else "",
    )


FUNDERS = ListPage(
    key="funders",
    title=_("Funders"),
    columns=(
        Column("name", _("Name"), "owner_name", sort="owner_name"),
        Column("kind", _("Kind"), lambda account: FunderKind(account.owner_kind).label),
        _points("earned"),
        _points("redeemed"),
        _points("expired"),
        _points("outstanding"),
        _points("owed"),
    ),
    default_sort="-outstanding",
    filters=(ChoiceFilter("kind", _("Kind"), choices=FunderKind.choices, column="owner_kind"),),
    empty=Empty(
        _("No funders yet"), _("They appear with the first points that are earned."), icon="coins"
    ),
)


@requires(VIEW_LEDGER)
def funders(request: HttpRequest) -> HttpResponse:
    """Who bears the cost of points, with totals of the daily rollup."""
    return FUNDERS.respond(request, _with_totals(funders_in(actor_of(request))))


def funders_in(actor: Actor) -> QuerySet[Account]:
    """The funder accounts whose owners are in the actor's scope; brands and banks are the
    group's business."""
    accounts = queries.funder_accounts()
    if actor.scope.is_group:
        return accounts
    return accounts.filter(
        Q(owner_kind=FunderKind.MALL, owner_id__in=malls_in(actor.scope).values("pk"))
        | Q(owner_kind=FunderKind.TENANT, owner_id__in=tenants_in(actor.scope).values("pk"))
    )


def _owner_name() -> Coalesce:
    """The owner's name in the reader's language, as a column to sort by."""
    names = [
        Subquery(
            with_shown_name(model.objects.filter(pk=OuterRef("owner_id"))).values("shown_name")
        )
        for model in OWNERS.values()
    ]
    return Coalesce(*names, Value(""))


def _with_totals(accounts: QuerySet[Account]) -> QuerySet[Account]:
    def total(*kinds: str, sign: int = 1) -> Coalesce:
        days = FunderDay.objects.filter(funder=OuterRef("pk"), kind__in=kinds).order_by()
        summed = days.values("funder").annotate(total=Sum("points") * sign).values("total")
        return Coalesce(Subquery(summed), 0, output_field=BigIntegerField())

    debts = Receivable.objects.filter(funder=OuterRef("pk"), owed__gt=0).order_by()
    owed = debts.values("funder").annotate(total=Sum("owed")).values("total")
    lots = FunderDay.objects.filter(funder=OuterRef("pk")).exclude(kind="owe").order_by()
    left = lots.values("funder").annotate(total=Sum("points")).values("total")
    return accounts.annotate(
        owner_name=_owner_name(),
        earned=total("accrue", "adjust"),
        redeemed=total("redeem", "restore", "unmerge", sign=-1),
        expired=total("expire", "revive", sign=-1),
        outstanding=Coalesce(Subquery(left), 0, output_field=BigIntegerField()),
        owed=Coalesce(Subquery(owed), 0, output_field=BigIntegerField()),
    )


@requires(VIEW_WALLET)
def member_transfers(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Everything that moved a member's points, newest first; ``?before=`` goes on."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    transfers = queries.transfers_of(member.pk, actor=actor)
    before = _uuid(request.GET.get("before", ""))
    if before is not None:
        transfers = transfers.filter(id__lt=before)
    found = list(transfers[: TRANSFERS_ON_A_PAGE + 1])
    shown = found[:TRANSFERS_ON_A_PAGE]
    return render(
        request,
        "ledger/member_transfers.html",
        {
            "member": member,
            "wallet": queries.wallet_of([member.pk])[member.pk],
            "rows": transfer_rows(shown, actor),
            "next_before": shown[-1].id if len(found) > len(shown) else None,
        },
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@requires(VIEW_WALLET)
def transfer(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """One transfer: why, between whom, with what it was posted, and what became of its lot."""
    actor = actor_of(request)
    found = queries.transfer_with_links(transfer_id, actor=actor)
    if found is None or found.member_id is None:
        raise NotFound()
    if not visible_members(actor).filter(pk=found.member_id).exists():
        raise NotFound()
    [row] = transfer_rows([found], actor)
    lot = getattr(found, "lot", None)
    took = [(use.amount, use.lot.transfer) for use in found.lot_uses.all()]
    became = [(use.amount, use.transfer) for use in lot.uses.all()] if lot else []
    related = [other for _amount, other in (*took, *became)]
    rows = {r.transfer.id: r for r in transfer_rows(_with_accounts(related, actor), actor)}
    return render(
        request,
        "ledger/transfer.html",
        {
            "row": row,
            "facts": _facts(row),
            "lot": lot,
            "lot_state": lot_state(lot) if lot else None,
            "took": [(amount, rows[other.id]) for amount, other in took if other.id in rows],
            "became": [(amount, rows[other.id]) for amount, other in became if other.id in rows],
            "group": transfer_rows(
                queries.group_of(found, actor=actor).exclude(pk=found.pk), actor
            ),
        },
    )


def _with_accounts(transfers: list[Transfer], actor: Actor) -> QuerySet[Transfer]:
    ids = {transfer.id for transfer in transfers}
    return (
        queries.visible_transfers(actor)
        .filter(id__in=ids)
        .select_related("debit_account", "credit_account")
    )


def _facts(row: TransferRow) -> list[Fact]:
    transfer = row.transfer
    return [
        Fact(_("What"), row.kind),
        Fact(_("Points"), formats.number(transfer.amount)),
        Fact(_("From"), row.debit),
        Fact(_("To"), row.credit),
        Fact(_("Reason"), reason_text(transfer.reason)),
        Fact(_("Source"), source_cell(row.source)),
        Fact(_("Happened"), formats.moment(transfer.occurred_at)),
        Fact(_("Recorded"), formats.moment(transfer.recorded_at)),
    ]
