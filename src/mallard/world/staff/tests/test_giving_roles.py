"""Roles given and taken back, the group's own roles, and who is above whom."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import queries, services
from mallard.world.staff.errors import (
    AssignmentNotFound,
    LastAdministrator,
    PermissionUnknown,
    RoleHeld,
    RoleNotOwn,
)
from mallard.world.staff.models import CustomRole, RoleAssignment, StaffUser
from mallard.world.staff.reach import BeyondOwn, PlaceBeyondOwn
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db
LEAD = ["staff.manage_staff", "staff.view_staff", "malls.view_store"]


def an_own_role(permissions: list[str] = LEAD) -> CustomRole:
    return services.create_role(
        name_en="Team lead", name_zh="组长", purpose="Leads", permissions=permissions, actor=SYSTEM
    )


def the_assignment(user: StaffUser) -> RoleAssignment:
    return user.assignments.get(withdrawn_at=None)


class TestGivingAndTaking:
    def test_a_withdrawn_role_grants_nothing_and_stays_as_history(self) -> None:
        user = a_staff_user("cashier")
        held = the_assignment(user)
        services.withdraw_role(held.id, user_id=user.id, actor=SYSTEM)
        assert queries.actor_for_user(user).permissions == frozenset()
        assert [row.role for row in queries.withdrawn_assignments_of(user.id)] == ["cashier"]
        with pytest.raises(AssignmentNotFound):
            services.withdraw_role(held.id, user_id=user.id, actor=SYSTEM)

    def test_the_same_role_at_the_same_place_is_given_once(self) -> None:
        user = a_staff_user("cashier")
        with pytest.raises(RoleHeld):
            services.assign_role(user.id, role="cashier", scope=WHOLE_GROUP, actor=SYSTEM)

    def test_nobody_gives_or_takes_what_they_do_not_hold(self) -> None:
        world = a_mall_group()
        here = Scope(mall_ids=frozenset([world.lakeside.id]))
        lead = queries.actor_for_user(a_staff_user(an_own_role().code, scope=here))
        boss, other = a_staff_user("director"), a_staff_user("cashier")
        with pytest.raises(BeyondOwn):
            services.assign_role(other.id, role="administrator", scope=here, actor=lead)
        with pytest.raises(BeyondOwn):
            services.withdraw_role(the_assignment(boss).id, user_id=boss.id, actor=lead)
        with pytest.raises(BeyondOwn):
            services.deactivate_staff(boss.id, actor=lead)
        assert queries.actor_for_user(boss).may("staff.view_staff")
        boss.refresh_from_db()
        assert boss.is_active

    def test_the_last_administrator_stays(self) -> None:
        user = a_staff_user()
        with pytest.raises(LastAdministrator):
            services.withdraw_role(the_assignment(user).id, user_id=user.id, actor=SYSTEM)
        with pytest.raises(LastAdministrator):
            services.deactivate_staff(user.id, actor=SYSTEM)
        a_staff_user()
        services.deactivate_staff(user.id, actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_shut_each_other_out_one_stays() -> None:
    ann, bob = a_staff_user(), a_staff_user()
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def shut(target: StaffUser, by: StaffUser) -> None:
        actor = queries.actor_for_user(by)
        barrier.wait()
        try:
            services.deactivate_staff(target.id, actor=actor)
            outcomes.append("done")
        except LastAdministrator:
            outcomes.append("refused")
        finally:
            connections.close_all()

    both = [threading.Thread(target=shut, args=pair) for pair in ((ann, bob), (bob, ann))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert StaffUser.objects.filter(is_active=True).count() == 1


class TestOwnRoles:
    def test_it_grants_what_it_says_until_it_is_changed_or_closed(self) -> None:
        role = an_own_role()
        user = a_staff_user(role.code)
        assert queries.actor_for_user(user).permissions == frozenset(LEAD)
        services.change_role(
            role.code, name_en="Lead", name_zh="", purpose="", permissions=LEAD[:1], actor=SYSTEM
        )
        assert queries.actor_for_user(user).permissions == {LEAD[0]}
        services.close_role(role.code, actor=SYSTEM)
        assert queries.actor_for_user(user).permissions == frozenset()

    def test_built_in_roles_are_not_changed(self) -> None:
        with pytest.raises(RoleNotOwn):
            services.close_role("cashier", actor=SYSTEM)

    def test_only_declared_permissions_that_one_holds_and_group_wide(self) -> None:
        world = a_mall_group()
        with pytest.raises(PermissionUnknown):
            an_own_role(["members.fly"])
        role = an_own_role([*LEAD, "staff.edit_role"])
        shaper = queries.actor_for_user(a_staff_user(role.code))
        wanted = {"name_en": "X", "name_zh": "", "purpose": ""}
        with pytest.raises(BeyondOwn):
            services.create_role(**wanted, permissions=["members.erase_member"], actor=shaper)
        here = Scope(mall_ids=frozenset([world.lakeside.id]))
        local = queries.actor_for_user(a_staff_user(role.code, scope=here))
        with pytest.raises(PlaceBeyondOwn):
            services.create_role(**wanted, permissions=LEAD, actor=local)

    def test_what_somebody_may_do_is_one_query(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        user = a_staff_user(an_own_role().code)
        services.assign_role(user.id, role="cashier", scope=WHOLE_GROUP, actor=SYSTEM)
        with django_assert_num_queries(1):
            queries.actor_for_user(user)


class TestPages:
    def test_a_role_is_copied_given_and_withdrawn_on_screens(self, client: Client) -> None:
        client.force_login(a_staff_user())
        bo = a_staff_user("cashier", name="Bo Cashier")
        assert "Bo Cashier" in client.get("/staff/roles/cashier/").content.decode()
        copy = client.get("/staff/roles/new?from=cashier")
        assert 'value="checkout.record_receipt"' in copy.content.decode()
        made = client.post(
            "/staff/roles/new",
            {"name_en": "Till lead", "permissions": ["checkout.record_receipt"]},
        )
        assert made.status_code == 302
        code = CustomRole.objects.get().code
        given = client.post(f"/staff/{bo.id}/roles", {"role": code, "place": "group"})
        assert given.status_code == 302
        page = client.get(f"/staff/{bo.id}/").content.decode()
        assert "Till lead" in page
        again = client.post(f"/staff/{bo.id}/roles", {"role": code, "place": "group"})
        assert again.status_code == 422
        held = bo.assignments.get(role=code)
        client.post(f"/staff/{bo.id}/roles/{held.id}/withdraw")
        assert "Earlier roles" in client.get(f"/staff/{bo.id}/").content.decode()

    def test_the_list_asks_as_often_for_many_as_for_few(self, client: Client) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.force_login(a_staff_user())
        counts = []
        for _round in range(2):
            for _ in range(3):
                a_staff_user(an_own_role().code)
            with CaptureQueriesContext(
                connection,
            ) as found:
                client.get("/staff/")
            counts.append(len(found))
        assert counts[0] == counts[1]
