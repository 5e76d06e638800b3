"""Several connections at once: one alert, one decision."""

from __future__ import annotations

from functools import partial

import pytest

from mallard.kernel.errors import DomainError
from mallard.value.checkout.tests.factories import a_trading_world
from mallard.value.ledger.tests.test_races import at_once
from mallard.value.wallets.models import Freeze
from mallard.value.watch import services
from mallard.value.watch.models import Alert, AlertStatus
from mallard.value.watch.tests.factories import looked, manager, only, strangers
from mallard.world.tasks.models import Task

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The cashier admitted it"


def test_eight_looks_at_once_raise_one_alert_and_one_task() -> None:
    strangers(a_trading_world())
    answers = at_once([looked] * 8)
    assert not [one for one in answers if isinstance(one, Exception)]
    assert Alert.objects.filter(pattern="strangers").count() == 1
    assert Task.objects.filter(subject_id=only("strangers").pk).count() == 1
    assert sum(len(one.raised) for one in answers) == Alert.objects.count()


def test_of_confirming_freezing_and_dismissing_one_order_holds() -> None:
    strangers(a_trading_world())
    looked()
    alert = only("strangers")
    bosses = [manager() for _n in range(8)]
    acts = [
        partial(services.confirm_alert, alert.pk, reason=WHY, actor=bosses[0]),
        *(partial(services.dismiss_alert, alert.pk, reason=WHY, actor=one) for one in bosses[1:5]),
        *(partial(services.freeze_points, alert.pk, actor=one) for one in bosses[5:]),
    ]
    answers = at_once(acts)
    assert all(one is None or isinstance(one, DomainError) for one in answers), answers
    assert sum(one is None for one in answers[:5]) == 1
    alert.refresh_from_db()
    is_frozen = Freeze.objects.filter(released_at=None).exists()
    assert alert.is_frozen == is_frozen
    assert not (alert.status == AlertStatus.FALSE_ALARM and is_frozen)
