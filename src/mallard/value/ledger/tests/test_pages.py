"""The ledger explorer, as staff of the group and of a mall see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.ledger import services, sources
from mallard.value.ledger.models import FunderKind, Transfer
from mallard.value.ledger.panels import load_wallet
from mallard.value.ledger.tests.factories import (
    ACTOR,
    accrual,
    counter,
    funder,
    members,
    redemption,
    reversal,
    roll_up_all,
)
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members.models import Member
from mallard.world.members.panels import MemberInView
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


def signed_in(scope: Scope = WHOLE_GROUP, role: str = "finance") -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=scope), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_a_lot_says_what_earned_it_and_what_became_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_resolvers", {})
    sources.register_source(
        "test", lambda ids, actor: {i: sources.SourceLink("R-1", f"/sales/{i}/") for i in ids}
    )
    [member] = members(1)
    sale = accrual(member, funder(), 100)
    [posted] = services.post_accruals([sale], actor=ACTOR)
    services.redeem([redemption(member, counter(), 40)], actor=ACTOR)
    spent = Transfer.objects.get(kind="redeem")

    text = signed_in().get(reverse("ledger:transfer", args=[posted.transfer_id])).content.decode()

    assert f'href="/sales/{sale.source_id}/"' in text
    assert "60 of 100 left" in strip_tags(text)
    assert reverse("ledger:transfer", args=[spent.id]) in text
    text = signed_in().get(reverse("ledger:transfer", args=[spent.id])).content.decode()
    assert reverse("ledger:transfer", args=[posted.transfer_id]) in text


def test_the_other_malls_staff_see_neither_transfer_nor_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = a_mall_group()
    monkeypatch.setattr(sources, "_visible_ids", {})
    sources.register_visibility("test", lambda actor: Transfer.objects.values("source_id"))
    [member] = members(1)
    Member.objects.filter(pk=member).update(enrolled_mall=world.lakeside.pk)
    [posted] = services.post_accruals([accrual(member, funder(), 100)], actor=ACTOR)
    own = signed_in(Scope(mall_ids=frozenset({world.lakeside.pk})))
    other = signed_in(Scope(mall_ids=frozenset({uuid7()})))
    for address in (
        reverse("ledger:transfer", args=[posted.transfer_id]),
        reverse("ledger:member_transfers", args=[member]),
    ):
        assert own.get(address).status_code == 200
        assert other.get(address).status_code == 404


def test_a_members_transfers_go_on_page_by_page() -> None:
    [member], mall = members(1), funder()
    services.post_accruals([accrual(member, mall, 1) for _ in range(60)], actor=ACTOR)
    client, address = signed_in(), reverse("ledger:member_transfers", args=[member])
    first = client.get(address)
    assert len(first.context["rows"]) == 50
    second = client.get(f"{address}?before={first.context['next_before']}")
    assert len(second.context["rows"]) == 10
    assert client.get(f"{address}?before=nonsense").status_code == 200


def test_statements_do_not_grow_with_the_rows() -> None:
    counts = []
    client = signed_in()
    for size in (3, 40):
        [member] = members(1)
        services.post_accruals([accrual(member, funder(), 5) for _ in range(size)], actor=ACTOR)
        for address in (
            reverse("ledger:member_transfers", args=[member]),
            reverse("ledger:funders"),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


@pytest.mark.django_db(transaction=True)
def test_funders_show_totals_of_their_own_scope() -> None:
    world = a_mall_group()
    [member] = members(1)
    mall = services.open_funder(FunderKind.MALL, world.lakeside.pk)
    tenant = services.open_funder(FunderKind.TENANT, world.bakery.pk)
    services.post_accruals([accrual(member, mall, 1234), accrual(member, tenant, 777)], actor=ACTOR)
    roll_up_all()
    address = reverse("ledger:funders")

    everything = signed_in().get(address).content.decode()
    assert "1,234" in everything
    assert "777" in everything
    elsewhere = signed_in(Scope(mall_ids=frozenset({uuid7()}))).get(address).content.decode()
    assert "1,234" not in elsewhere


def test_the_wallet_panel_shows_lots_holds_and_debts() -> None:
    [member], mall, till = members(1), funder(), counter()
    sale = accrual(member, mall, 100)
    services.post_accruals([sale], actor=ACTOR)
    services.redeem([redemption(member, till, 100)], actor=ACTOR)
    services.reverse_accruals([reversal(sale, 30)], actor=ACTOR)
    services.post_accruals([accrual(member, mall, 80)], actor=ACTOR)
    services.place_hold(
        redemption(member, till, 20), deadline_at=now() + dt.timedelta(hours=1), actor=ACTOR
    )
    actor: Actor = ACTOR
    panel = load_wallet(MemberInView(Member.objects.get(pk=member), (member,), actor))

    assert panel["wallet"].balance == 50
    assert [row["lot"].remaining for row in panel["lots"]] == [50]
    assert [hold.points for hold in panel["holds"]] == [20]
    assert panel["receivables"] == []


def test_a_cashier_may_not_explore_the_ledger() -> None:
    assert signed_in(role="cashier").get(reverse("ledger:funders")).status_code == 403
