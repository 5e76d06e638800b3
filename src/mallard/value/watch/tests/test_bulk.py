"""Many alerts at once: each by its own rules, one that is refused stops no other."""

from __future__ import annotations

import pytest

from mallard.kernel.access.actor import Scope
from mallard.kernel.audit.models import Entry
from mallard.value.checkout.tests.factories import TradingWorld, a_trading_world
from mallard.value.wallets.models import Freeze
from mallard.value.watch import bulk, services
from mallard.value.watch.models import Alert, AlertStatus
from mallard.value.watch.patterns import STRANGERS
from mallard.value.watch.tests.factories import looked, manager, only, strangers

pytestmark = pytest.mark.django_db
WHY = {"reason": "Staff discount day, nobody cheated"}


@pytest.fixture
def world() -> TradingWorld:
    return a_trading_world()


@pytest.fixture
def alert(world: TradingWorld) -> Alert:
    strangers(world)
    looked()
    return only(STRANGERS.code)


def test_alerts_are_taken_and_those_of_another_stay_theirs(alert: Alert) -> None:
    first, second = manager(), manager()
    assert bulk.take([alert.pk], {}, first) == [alert.pk]
    assert bulk.take([alert.pk], {}, second) == []
    alert.refresh_from_db()
    assert alert.owner_id == first.id


def test_false_alarms_release_what_they_froze_and_can_be_undone(alert: Alert) -> None:
    boss = manager()
    services.freeze_points(alert.pk, actor=boss)
    assert bulk.dismiss([alert.pk], WHY, boss) == [alert.pk]
    alert.refresh_from_db()
    assert alert.status == AlertStatus.FALSE_ALARM
    assert not Freeze.objects.filter(released_at=None).exists()
    assert bulk.dismiss([alert.pk], WHY, boss) == []
    assert bulk.reopen([alert.pk], {}, boss) == [alert.pk]
    alert.refresh_from_db()
    assert alert.status == AlertStatus.LOOKING
    assert Entry.objects.filter(action="watch.alert_reopened").count() == 1


def test_who_does_not_see_an_alert_changes_nothing(world: TradingWorld, alert: Alert) -> None:
    elsewhere = manager(scope=Scope(mall_ids=frozenset({world.place.hillside.id})))
    assert bulk.dismiss([alert.pk], WHY, elsewhere) == []
    alert.refresh_from_db()
    assert alert.is_undecided
