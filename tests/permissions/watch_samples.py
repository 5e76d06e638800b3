"""How the URLs of the fraud watch are called by the permission matrix; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.kernel.clock import now
from mallard.value.watch.models import Alert, AlertStatus, Evidence, Exemption, PatternTerms
from mallard.value.watch.patterns import SPLIT
from tests.permissions.places import GROUP_STAFF, STORE_ROWS, Side, World
from tests.permissions.rows import ANY, Sample, always


def of_alert(_world: World, side: Side) -> Mapping[str, Any]:
    """What was found in the store of this side."""
    return {"alert_id": _alert(side).pk}


def of_exemption(_world: World, side: Side) -> Mapping[str, Any]:
    alert = _alert(side)
    found = Exemption.objects.filter(alert=alert).first()
    if found is None:
        until = now().replace(year=now().year + 1, day=1)
        found = Exemption.objects.create(
            pattern=SPLIT.code, alert=alert, member_id=side.member_id, ends_at=until
        )
    return {"exemption_id": found.pk}


def of_terms(_world: World, _side: Side) -> Mapping[str, Any]:
    found = PatternTerms.objects.first()
    if found is None:
        found = PatternTerms.objects.create(
            pattern=SPLIT.code, thresholds=SPLIT.defaults(), status="counted", found=0,
            found_confirmed=0, found_false=0,
        )  # fmt: skip
    return {"terms_id": found.pk}


def _alert(side: Side) -> Alert:
    key = f"split:{side.name.value}"
    found = Alert.objects.filter(key=key).first()
    if found is None:
        moment = now()
        found = Alert.objects.create(
            pattern=SPLIT.code, key=key, member_id=side.member_id, store=side.store,
            mall=side.mall, score=75, why={"n": 12, "minutes": 60}, first_at=moment,
            last_at=moment, status=AlertStatus.OPEN,
        )  # fmt: skip
        Evidence.objects.create(
            alert=found, kind="receipt", fact_id=side.receipt_id, store=side.store,
            occurred_at=moment, amount_minor=20_000, currency="USD", points=200,
        )  # fmt: skip
    return found


_WHY = always(reason="The store explained it")
WATCH = {
    "/watch/": ANY,
    "/watch/look": ANY,
    "/watch/<uuid:alert_id>/": Sample(path=of_alert, seen=STORE_ROWS),
    **{
        f"/watch/<uuid:alert_id>/{name}": Sample(path=of_alert, body=_WHY, seen=STORE_ROWS)
        for name in ("take", "freeze", "release", "confirm", "dismiss", "reopen")
    },
    "/watch/exemptions/<uuid:exemption_id>/end": Sample(path=of_exemption, seen=STORE_ROWS),
    "/watch/patterns/": ANY,
    "/watch/patterns/<slug:code>/": Sample(path=always(code=SPLIT.code)),
    "/watch/patterns/<slug:code>/edit": Sample(
        path=always(code=SPLIT.code), body=always(is_on="on", minutes=60, least=8), seen=GROUP_STAFF
    ),
    "/watch/thresholds/<uuid:terms_id>/": Sample(path=of_terms, seen=GROUP_STAFF),
    "/watch/thresholds/<uuid:terms_id>/progress": Sample(path=of_terms, seen=GROUP_STAFF),
    "/watch/thresholds/<uuid:terms_id>/put-in-force": Sample(path=of_terms, seen=GROUP_STAFF),
}
