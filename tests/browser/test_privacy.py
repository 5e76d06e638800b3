"""Privacy requests in a browser: axe, console, sideways scrolling."""

from __future__ import annotations

from typing import Any

import pytest

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.world.members.models import Child, GuardianConsent
from mallard.world.members.tests.factories import a_member
from mallard.world.privacy.services import ask
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_list_and_page_are_accessible_on_a_phone_and_a_desktop(visit: Any) -> None:
    row, _new = ask(a_member().pk, "restriction", words="No more mails", actor=system("browser"))
    erasure, _new = ask(row.member_id, "erasure", actor=system("browser"))
    user = a_staff_user("crm_manager")
    paths = ("/privacy/", f"/privacy/{row.pk}/", f"/privacy/{erasure.pk}/")
    visit(paths[0], user=user, theme="dark", language="zh-hans", width=360).tour(paths)
    visit(paths[0], user=user).tour(paths)


def test_a_child_and_the_guardians_consent_read_well(visit: Any) -> None:
    from_before = a_member(profile={"birth_date": "1990-05-21"})
    child = a_member(profile={"birth_date": "1990-05-21"})
    Child.objects.create(member=from_before)
    Child.objects.create(member=child)
    GuardianConsent.objects.create(
        member=child, given_on=now().date(), ended_at=now(), ending="withdrawn"
    )
    user = a_staff_user("crm_manager")
    paths = ("/privacy/children", f"/members/{child.pk}/", f"/privacy/guardian/{child.pk}")
    visit(paths[0], user=user, theme="dark", language="zh-hans", width=360).tour(paths)
    visit(paths[0], user=user).tour(paths)
