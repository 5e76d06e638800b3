"""What the security check looks at here: accounts that are weak, keys that are old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.health.registry import Finding, Status, warning, well
from mallard.kernel.security.registry import Probe, Probed, register_follower, register_probe
from mallard.kernel.workspace.services.notifying import notify
from mallard.world.staff import queries
from mallard.world.staff.exemptions import is_exempt
from mallard.world.staff.models import ApiKey, StaffUser
from mallard.world.staff.settings import KEY_OLD_DAYS

AWAY_DAYS = 90
NEW_DAYS = 30
NAMED = 5


def register() -> None:
    """Make the probes known, and tell administrators what a check found."""
    register_probe(Probe("accounts", _("Staff accounts"), weak_accounts, 40))
    register_probe(Probe("api_keys", _("API keys"), old_keys, 50))
    register_follower(tell_administrators)


def weak_accounts() -> list[Finding]:
    """Accounts that open more easily than they should, or that nobody uses."""
    moment = clock.now()
    people = list(
        StaffUser.objects.filter(is_active=True).select_related("second_factor").order_by("name")
    )
    needing = queries.user_ids_needing_second_factor()
    without = [
        user
        for user in people
        if user.id in needing and not _has_codes(user) and not is_exempt(user)
    ]
    never = [
        user
        for user in people
        if user.last_login is None and user.created_at < moment - dt.timedelta(days=NEW_DAYS)
    ]
    away = [
        user
        for user in people
        if user.last_login and user.last_login < moment - dt.timedelta(days=AWAY_DAYS)
    ]
    found = [
        *_about(
            without,
            _(
                "%(count)s accounts have no codes from the phone although their role wants them: "
                "%(who)s."
            ),
            _("They have not signed in since the role began to ask for them."),
            _("Ask them to sign in: they are led to it. Or withdraw the role."),
        ),
        *_about(
            never,
            _("%(count)s accounts never signed in: %(who)s."),
            _("They were made a month ago or longer, and a password may be waiting somewhere."),
            _("Close them under Settings › Staff, by “Leaves…”; they can be opened again."),
        ),
        *_about(
            away,
            _("%(count)s accounts have been away for 90 days: %(who)s."),
            _("They left, or work no longer with Mallard."),
            _("Let them leave under Settings › Staff, with what they hold handed over."),
        ),
    ]
    return found or [well(_("%(count)s accounts, none of them weak."), count=len(people))]


def _has_codes(user: StaffUser) -> bool:
    factor = getattr(user, "second_factor", None)
    return factor is not None and factor.confirmed_at is not None


def _about(people: Sequence[StaffUser], what: Any, cause: Any, cure: Any) -> list[Finding]:
    if not people:
        return []
    named = ", ".join(user.name for user in people[:NAMED])
    who = named + (" …" if len(people) > NAMED else "")
    return [warning(what, cause=cause, cure=cure, count=len(people), who=who)]


def old_keys() -> list[Finding]:
    """Keys that should be renewed, and such that nobody uses."""
    moment = clock.now()
    keys = [key for key in ApiKey.objects.filter(revoked_at=None) if _opens(key, moment)]
    old = [key.name for key in keys if queries.is_key_old(key)]
    unused = [
        key.name
        for key in keys
        if (key.last_used_on or key.created_at.date())
        < (moment - dt.timedelta(days=AWAY_DAYS)).date()
    ]
    found = []
    if old:
        found.append(
            warning(
                _("%(count)s API keys are older than %(days)s days: %(which)s."),
                cause=_("A key that is used for long may have been copied by somebody."),
                cure=_("Renew them under Settings › API keys; the old one opens for a day more."),
                count=len(old),
                days=KEY_OLD_DAYS.value,
                which=", ".join(old[:NAMED]),
            )
        )
    if unused:
        found.append(
            warning(
                _("%(count)s API keys were not used for 90 days: %(which)s."),
                cause=_("The machine is gone, or has another key by now."),
                cure=_("Revoke them under Settings › API keys."),
                count=len(unused),
                which=", ".join(unused[:NAMED]),
            )
        )
    return found or [well(_("%(count)s API keys open, none of them old."), count=len(keys))]


def _opens(key: ApiKey, moment: dt.datetime) -> bool:
    return key.expires_at is None or key.expires_at > moment


def tell_administrators(probed: Sequence[Probed]) -> None:
    """Whoever runs the installation is told when there is something to look at."""
    faults = sum(len(one.faults) for one in probed)
    if any(one.status is not Status.OK for one in probed):
        ids = queries.administrator_ids()
        notify(ids, "security.found", params={"faults": faults}, url="/security/")
