"""Alerts are raised once, grow, are decided, freeze and release; and thresholds are tried first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mallard.kernel import clock
from mallard.kernel.access.actor import Scope, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.workspace.models import Notification
from mallard.value.checkout.tests.factories import TradingWorld, a_trading_world
from mallard.value.sales.models import Source
from mallard.value.wallets.errors import AlreadyFrozen
from mallard.value.wallets.models import Freeze
from mallard.value.watch import queries, services
from mallard.value.watch.errors import (
    AlertDecided,
    AlertNotFound,
    AlertOfAnother,
    AnotherIsOpen,
    ExemptionInvalid,
    NobodyToFreeze,
    NotFrozenHere,
    PeopleOnly,
    ReasonNeeded,
    TermsNotCounted,
    ThresholdInvalid,
)
from mallard.value.watch.models import Alert, AlertStatus, Exemption, PatternTerms
from mallard.value.watch.patterns import STRANGERS
from mallard.value.watch.tests.factories import (
    BEGIN,
    CARD,
    END,
    a_cashier,
    each_day,
    looked,
    manager,
    only,
    record,
    strangers,
    usual_trade,
)
from mallard.world.members.models import Member
from mallard.world.members.services import erase_member
from mallard.world.staff.queries import actor_for_user
from mallard.world.tasks.errors import SettledElsewhere
from mallard.world.tasks.models import Task, TaskStatus
from mallard.world.tasks.services import finish_task

pytestmark = pytest.mark.django_db
WHY = "The cashier admitted it to the store manager"


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


@pytest.fixture
def alert(world: TradingWorld) -> Alert:
    strangers(world)
    looked()
    return only("strangers")


def state(alert: Alert) -> dict[str, Any]:
    """All that could have changed."""
    return {
        "alerts": list(Alert.objects.order_by("pk").values()),
        "freezes": list(Freeze.objects.values()),
        "exemptions": list(Exemption.objects.values()),
        "tasks": list(Task.objects.order_by("pk").values("pk", "status")),
        "entries": Entry.objects.count(),
    }


class TestRaising:
    def test_looking_again_changes_nothing(self, alert: Alert) -> None:
        before = state(alert)
        report = looked()
        assert (report.raised, report.grown) == ([], [])
        assert state(alert) == before

    def test_what_goes_on_grows_the_alert(self, world: TradingWorld, alert: Alert) -> None:
        boss = manager()
        services.take_alert(alert.pk, actor=boss)
        leo = actor_for_user(alert.staff)  # type: ignore[arg-type]
        later = each_day(3, hour=5, since=BEGIN + dt.timedelta(days=10))
        record(world.bakery, CARD, later, actor=leo, source=Source.STAFF)
        report = looked(BEGIN, END + dt.timedelta(days=3))
        assert alert.pk in report.grown
        assert report.raised == []
        alert.refresh_from_db()
        assert alert.evidence.count() == 15
        assert alert.points == sum(alert.evidence.values_list("points", flat=True)) > 1_500
        assert alert.why["n"] == 15
        assert alert.last_at == later[-1]
        assert alert.grown_at is not None
        assert Notification.objects.filter(actor_id=boss.id, kind="watch.grew").count() == 1

    def test_a_task_waits_for_the_programmes_owner_and_names_nobody(self, alert: Alert) -> None:
        task = Task.objects.get(subject_id=alert.pk)
        assert (task.kind, task.role, task.store_id) == (
            "fraud_alert",
            "crm_manager",
            alert.store_id,
        )
        assert task.member_id is None
        assert "Leo" not in repr(Task.objects.values().get(pk=task.pk))
        with pytest.raises(SettledElsewhere):
            finish_task(task.pk, outcome="done", actor=system("somebody"))

    def test_who_may_decide_is_told_once_and_the_accused_is_not(self, world: TradingWorld) -> None:
        boss, far = manager(), manager(scope=Scope(mall_ids=frozenset({world.place.hillside.pk})))
        auditor = manager("auditor")
        strangers(world)
        looked()
        told = set(
            Notification.objects.filter(kind="watch.raised").values_list("actor_id", flat=True)
        )
        assert boss.id in told
        assert not told & {far.id, auditor.id, only("strangers").staff_id}
        assert OutboxEvent.objects.filter(name="watch.alert_raised").exists()

    def test_a_pattern_that_is_off_is_not_looked_for(self, world: TradingWorld) -> None:
        boss = manager()
        row = services.try_terms(
            "strangers", thresholds=STRANGERS.defaults(), is_on=False, actor=boss
        )
        services.count_terms(row.pk)
        services.put_in_force(row.pk, actor=boss)
        strangers(world)
        looked()
        assert not Alert.objects.filter(pattern="strangers").exists()


class TestSeeing:
    def test_a_mall_sees_its_own_and_the_other_mall_nothing(
        self, world: TradingWorld, alert: Alert
    ) -> None:
        here = manager(scope=Scope(mall_ids=frozenset({world.place.lakeside.pk})))
        there = manager(scope=Scope(mall_ids=frozenset({world.place.hillside.pk})))
        assert queries.visible_alert(here, alert.pk) == alert
        with pytest.raises(AlertNotFound):
            queries.visible_alert(there, alert.pk)
        with pytest.raises(AlertNotFound):
            services.take_alert(alert.pk, actor=there)
        assert state(alert)["alerts"][0]["owner_id"] is None

    def test_an_alert_across_malls_is_the_groups(self, world: TradingWorld, alert: Alert) -> None:
        Alert.objects.filter(pk=alert.pk).update(store=None, mall=None)
        here = manager(scope=Scope(mall_ids=frozenset({world.place.lakeside.pk})))
        assert not queries.visible_alerts(here).filter(pk=alert.pk).exists()
        assert queries.visible_alerts(manager()).filter(pk=alert.pk).exists()

    def test_nobody_sees_or_decides_an_alert_about_themself(self, alert: Alert) -> None:
        boss = manager()
        Alert.objects.filter(pk=alert.pk).update(staff=boss.id)
        assert not queries.visible_alerts(boss).filter(pk=alert.pk).exists()
        with pytest.raises(NotFound):
            services.dismiss_alert(alert.pk, reason=WHY, actor=boss)
        alert.refresh_from_db()
        assert alert.status == AlertStatus.OPEN


class TestDeciding:
    def test_one_looks_into_it_and_another_is_told_so(self, alert: Alert) -> None:
        boss, other = manager(name="Ines Roy"), manager()
        services.take_alert(alert.pk, actor=boss)
        services.take_alert(alert.pk, actor=boss)
        alert.refresh_from_db()
        assert (alert.status, alert.owner_id) == (AlertStatus.LOOKING, boss.id)
        assert Task.objects.get(subject_id=alert.pk).assignee_id == boss.id
        with pytest.raises(AlertOfAnother, match="Ines Roy"):
            services.take_alert(alert.pk, actor=other)

    def test_confirmed_with_a_sealed_reason_settles_the_task(self, alert: Alert) -> None:
        boss = manager()
        services.confirm_alert(alert.pk, reason=WHY, actor=boss)
        alert.refresh_from_db()
        assert alert.status == AlertStatus.CONFIRMED
        assert queries.reason_of(alert) == WHY
        assert WHY not in repr(Alert.objects.values().get(pk=alert.pk))
        assert Task.objects.get(subject_id=alert.pk).status == TaskStatus.DONE
        with pytest.raises(AlertDecided):
            services.dismiss_alert(alert.pk, reason=WHY, actor=boss)

    def test_what_was_decided_is_not_said_again_but_what_is_new_is(
        self, world: TradingWorld, alert: Alert
    ) -> None:
        services.dismiss_alert(alert.pk, reason=WHY, actor=manager())
        assert alert.pk not in looked().raised
        leo = actor_for_user(alert.staff)  # type: ignore[arg-type]
        later = BEGIN + dt.timedelta(days=12)
        record(world.bakery, CARD, each_day(2, hour=6, since=later), actor=leo)
        looked(BEGIN, END + dt.timedelta(days=6))
        assert Alert.objects.filter(key=alert.key).count() == 1  # two are no pattern
        record(world.bakery, CARD, each_day(4, hour=8, since=later), actor=leo)
        looked(BEGIN, END + dt.timedelta(days=6))
        assert Alert.objects.filter(key=alert.key).count() == 2

    def test_an_exemption_keeps_it_quiet_until_its_day(
        self, world: TradingWorld, alert: Alert
    ) -> None:
        until = now() + dt.timedelta(days=30)
        services.dismiss_alert(
            alert.pk, reason=WHY, exempt=["member", "staff"], until=until, actor=manager()
        )
        leo = actor_for_user(alert.staff)  # type: ignore[arg-type]
        later = each_day(10, hour=6, since=BEGIN + dt.timedelta(days=3))
        record(world.bakery, CARD, later, actor=leo)
        report = looked()
        assert report.exempted == 1
        assert Alert.objects.filter(key=alert.key).count() == 1
        with clock.frozen(until + dt.timedelta(days=1)):
            looked()
        assert Alert.objects.filter(key=alert.key).count() == 2

    def test_an_exemption_that_ended_early_keeps_nothing_quiet(
        self, world: TradingWorld, alert: Alert
    ) -> None:
        boss = manager()
        until = now() + dt.timedelta(days=30)
        services.dismiss_alert(alert.pk, reason=WHY, exempt=["store"], until=until, actor=boss)
        services.end_exemption(Exemption.objects.get().pk, actor=boss)
        assert looked().exempted == 0

    @pytest.mark.parametrize(
        ("reason", "more", "error"),
        [
            ("no", {}, ReasonNeeded),
            ("x" * 501, {}, ReasonNeeded),
            (WHY, {"exempt": ["member"]}, ExemptionInvalid),
            (WHY, {"exempt": ["till"], "until": 30}, ExemptionInvalid),
            (WHY, {"exempt": ["member"], "until": -1}, ExemptionInvalid),
            (WHY, {"exempt": ["member"], "until": 900}, ExemptionInvalid),
            ("Card 4111 1111 1111 1111 was used", {}, Invalid),
        ],
    )
    def test_a_refused_decision_changes_nothing(
        self, alert: Alert, reason: str, more: dict[str, Any], error: type[DomainError]
    ) -> None:
        boss = manager()
        before = state(alert)
        if isinstance(more.get("until"), int):
            more = more | {"until": now() + dt.timedelta(days=more["until"])}
        with pytest.raises(error), transaction.atomic():
            services.dismiss_alert(alert.pk, reason=reason, **more, actor=boss)
        assert state(alert) == before

    @pytest.mark.parametrize("role", ["finance", "auditor", "service_agent", "tenant_manager"])
    def test_other_roles_decide_nothing(self, alert: Alert, role: str) -> None:
        somebody = manager(role)
        before = state(alert)
        for act in (
            lambda: services.take_alert(alert.pk, actor=somebody),
            lambda: services.confirm_alert(alert.pk, reason=WHY, actor=somebody),
            lambda: services.dismiss_alert(alert.pk, reason=WHY, actor=somebody),
            lambda: services.freeze_points(alert.pk, actor=somebody),
            lambda: services.start_looking(actor=somebody),
        ):
            with pytest.raises(Forbidden), transaction.atomic():
                act()
        assert state(alert) == before

    def test_a_machine_accuses_nobody(self, alert: Alert) -> None:
        with pytest.raises(PeopleOnly):
            services.confirm_alert(alert.pk, reason=WHY, actor=system("a robot"))

    def test_a_wrong_decision_is_opened_again_with_a_task(self, alert: Alert) -> None:
        boss = manager()
        until = now() + dt.timedelta(days=30)
        services.dismiss_alert(alert.pk, reason=WHY, exempt=["member"], until=until, actor=boss)
        services.reopen_alert(alert.pk, actor=boss)
        alert.refresh_from_db()
        assert (alert.status, alert.owner_id) == (AlertStatus.LOOKING, boss.id)
        assert queries.reason_of(alert) == ""
        assert Exemption.objects.get().ended_at is not None
        open_tasks = Task.objects.filter(subject_id=alert.pk, status=TaskStatus.OPEN)
        assert open_tasks.count() == 1

    def test_it_stays_closed_while_a_newer_one_is_open(self, alert: Alert) -> None:
        boss = manager()
        services.dismiss_alert(alert.pk, reason=WHY, actor=boss)
        newer = Alert.objects.get(pk=alert.pk)
        newer.pk, newer.status, newer.decided_at = None, AlertStatus.OPEN.value, None  # type: ignore[assignment]
        newer.save(force_insert=True)
        with pytest.raises(AnotherIsOpen):
            services.reopen_alert(alert.pk, actor=boss)

    def test_feedback_counts_for_the_pattern(self, alert: Alert) -> None:
        boss = manager()
        services.confirm_alert(alert.pk, reason=WHY, actor=boss)
        told = {each.pattern: each for each in queries.precision_by_pattern(boss)}
        mine = told["strangers"]
        assert (mine.found, mine.confirmed, mine.false, mine.undecided) == (1, 1, 0, 0)
        assert told["split"].found == 0


class TestFreezing:
    def test_frozen_from_the_alert_and_released_with_a_reason(self, alert: Alert) -> None:
        boss = manager()
        services.freeze_points(alert.pk, actor=boss)
        alert.refresh_from_db()
        assert alert.is_frozen
        assert alert.owner_id == boss.id
        assert Freeze.objects.get(released_at=None).member_id == alert.member_id
        with pytest.raises(AlreadyFrozen), transaction.atomic():
            services.freeze_points(alert.pk, actor=boss)
        services.release_points(alert.pk, reason="Cleared up", actor=boss)
        alert.refresh_from_db()
        assert not alert.is_frozen
        assert not Freeze.objects.filter(released_at=None).exists()
        with pytest.raises(NotFrozenHere):
            services.release_points(alert.pk, reason="Cleared up", actor=boss)

    def test_a_false_alarm_releases_what_it_froze(self, alert: Alert) -> None:
        boss = manager()
        services.freeze_points(alert.pk, actor=boss)
        services.dismiss_alert(alert.pk, reason=WHY, actor=boss)
        assert not Freeze.objects.filter(released_at=None).exists()
        alert.refresh_from_db()
        assert alert.released_at is not None
        with pytest.raises(AlertDecided), transaction.atomic():
            services.freeze_points(alert.pk, actor=boss)
        assert not Freeze.objects.filter(released_at=None).exists()

    def test_a_confirmed_fraud_stays_frozen(self, alert: Alert) -> None:
        boss = manager()
        services.freeze_points(alert.pk, actor=boss)
        services.confirm_alert(alert.pk, reason=WHY, actor=boss)
        assert Freeze.objects.filter(released_at=None).count() == 1

    def test_of_a_store_there_is_nobody_to_freeze(self, alert: Alert) -> None:
        Alert.objects.filter(pk=alert.pk).update(member=None)
        with pytest.raises(NobodyToFreeze):
            services.freeze_points(alert.pk, actor=manager())

    def test_an_erased_member_leaves_the_alert_without_words(self, alert: Alert) -> None:
        boss = manager()
        services.confirm_alert(alert.pk, reason=WHY, actor=boss)
        assert alert.member_id is not None
        erase_member(alert.member_id, actor=system("test"))
        assert queries.reason_of(Alert.objects.get(pk=alert.pk)) == ""
        assert services.clear_after_erasure([alert.member_id], actor=system("test")) == 1
        assert services.clear_after_erasure([alert.member_id], actor=system("test")) == 0
        assert Alert.objects.get(pk=alert.pk).reason_sealed is None
        assert Member.objects.get(pk=alert.member_id).status == "erased"


class TestThresholds:
    def test_what_others_would_have_found_is_counted_before_they_hold(
        self, world: TradingWorld
    ) -> None:
        strangers(world)
        boss = manager()
        stricter = STRANGERS.defaults() | {"least": 500}
        with clock.frozen(END):
            row = services.try_terms("strangers", thresholds=stricter, is_on=True, actor=boss)
            with pytest.raises(TermsNotCounted), transaction.atomic():
                services.put_in_force(row.pk, actor=boss)
            same = services.try_terms(
                "strangers", thresholds=STRANGERS.defaults(), is_on=True, actor=boss
            )
            services.count_terms(row.pk)
            services.count_terms(same.pk)
        row.refresh_from_db()
        same.refresh_from_db()
        assert (row.found, same.found) == (0, 1)
        assert queries.terms_in_force()["strangers"].thresholds["least"] == 8
        services.put_in_force(row.pk, actor=boss)
        assert queries.terms_in_force()["strangers"].thresholds["least"] == 500
        looked()
        assert not Alert.objects.filter(pattern="strangers").exists()

    def test_a_number_outside_its_limits_is_refused_beside_its_field(self) -> None:
        boss = manager()
        with pytest.raises(ThresholdInvalid) as refused, transaction.atomic():
            services.try_terms(
                "strangers", thresholds=STRANGERS.defaults() | {"few": 0}, is_on=True, actor=boss
            )
        assert set(refused.value.fields) == {"few"}
        assert not PatternTerms.objects.exists()

    def test_a_mall_does_not_set_what_holds_for_the_group(self, world: TradingWorld) -> None:
        here = manager(scope=Scope(mall_ids=frozenset({world.place.lakeside.pk})))
        with pytest.raises(Forbidden):
            services.try_terms("split", thresholds={}, is_on=True, actor=here)
        with pytest.raises(Forbidden):
            services.try_terms("split", thresholds={}, is_on=True, actor=manager("finance"))


class TestDatabase:
    def test_one_undecided_alert_about_the_same(self, alert: Alert) -> None:
        twin = Alert.objects.get(pk=alert.pk)
        twin.pk = None  # type: ignore[assignment]
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)

    @pytest.mark.parametrize(
        "changes",
        [
            {"score": 0},
            {"status": "confirmed"},
            {"reason": "in clear"},
            {"released_at": BEGIN},
            {"last_at": BEGIN - dt.timedelta(days=900)},
        ],
    )
    def test_what_cannot_be_is_refused(self, alert: Alert, changes: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=alert.pk).update(**changes)

    def test_an_exemption_is_of_somebody(self, alert: Alert) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Exemption.objects.create(
                pattern="split", alert=alert, ends_at=now() + dt.timedelta(days=1)
            )


def test_a_cashier_of_another_store_is_another_alert(world: TradingWorld, alert: Alert) -> None:
    other = actor_for_user(a_cashier(world.pharmacy, name="Nora Quinn"))
    usual_trade(world, world.pharmacy, prefix="P")
    record(world.pharmacy, CARD, each_day(10, hour=8), actor=other, source=Source.STAFF)
    looked()
    assert Alert.objects.filter(pattern="strangers").count() == 2
