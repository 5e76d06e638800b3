"""Looking on as a role: never more than one's own, nothing changes, both ends on record."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mallard.kernel import clock
from mallard.kernel.access.actor import WHOLE_GROUP, Actor, LookingOnly, Scope
from mallard.kernel.access.guards import MEMBER
from mallard.kernel.audit.models import Entry
from mallard.kernel.audit.services import record
from mallard.world.malls.queries import store_ids_in
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import looking, queries, reach, services
from mallard.world.staff.models import RoleAssignment, ScopeColumns, StaffUser
from mallard.world.staff.tests.factories import a_staff_user
from tools.urls import every_url

pytestmark = pytest.mark.django_db

SENTENCE = "nothing can be changed or revealed"


def signed_in(user: StaffUser) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def look(client: Client, role: str, place: str = "group") -> None:
    answer = client.post(reverse("staff:see_as_role", args=[role]), {"place": place})
    assert answer.status_code == 302, answer.content.decode()


def actor_now(client: Client) -> Actor:
    """As whom the product answers the session's next request."""
    actor = client.get(reverse("staff:profile")).wsgi_request.actor
    assert isinstance(actor, Actor)
    return actor


def actions() -> list[str]:
    return list(
        Entry.objects.filter(action__startswith="staff.looking")
        .order_by("id")
        .values_list("action", flat=True)
    )


class TestWhatIsSeen:
    def test_the_role_at_the_place_and_no_more(self) -> None:
        world = a_mall_group()
        client = signed_in(a_staff_user())
        look(client, "cashier", f"mall:{world.lakeside.code}")
        actor = actor_now(client)
        assert actor.permissions == queries.permissions_of_code("cashier")
        assert actor.scope == Scope(mall_ids=frozenset([world.lakeside.id]))
        assert client.get(reverse("staff:list")).status_code == 403
        assert client.get(reverse("malls:stores")).status_code == 200

    def test_never_more_than_ones_own(self) -> None:
        world = a_mall_group()
        here = Scope(mall_ids=frozenset([world.lakeside.id]))
        role = services.create_role(
            name_en="Coach",
            name_zh="",
            purpose="",
            permissions=["staff.see_as_role", "malls.view_store"],
            actor=queries.actor_for_user(a_staff_user()),
        )
        client = signed_in(a_staff_user(role.code, scope=here))
        look(client, "director", f"mall:{world.lakeside.code}")
        actor = actor_now(client)
        assert actor.permissions == {"malls.view_store"}
        assert actor.scope == here

    def test_a_place_of_others_is_refused(self) -> None:
        world = a_mall_group()
        here = Scope(mall_ids=frozenset([world.lakeside.id]))
        elsewhere = Scope(mall_ids=frozenset([world.hillside.id]))
        user = a_staff_user("administrator", scope=here)
        with pytest.raises(reach.PlaceBeyondOwn):
            services.begin_looking("cashier", elsewhere, actor=queries.actor_for_user(user))
        assert actions() == []

    def test_what_both_hold_of_a_group_of_places(self) -> None:
        world = a_mall_group()
        one = Scope(mall_ids=frozenset([world.lakeside.id]))
        two = Scope(tenant_ids=frozenset(s.tenant_id for s in world.lakeside.stores.all()))
        both = store_ids_in(reach.common(one, two))
        assert both
        assert both == (store_ids_in(one) or frozenset()) & (store_ids_in(two) or frozenset())
        assert reach.common(WHOLE_GROUP, one) == reach.common(one, WHOLE_GROUP) == one

    def test_a_role_lost_meanwhile_narrows_the_next_page(self) -> None:
        a_staff_user()
        user = a_staff_user()
        client = signed_in(user)
        look(client, "director")
        RoleAssignment.objects.filter(user=user).update(role="cashier")
        actor = actor_now(client)
        assert actor.looking is None
        assert actor.permissions == queries.permissions_of_code("cashier")
        assert actions() == ["staff.looking_begun", "staff.looking_ended"]

    def test_only_with_the_permission(self) -> None:
        client = signed_in(a_staff_user("auditor"))
        assert client.get(reverse("staff:see_as_role", args=["cashier"])).status_code == 403

    def test_the_home_is_the_one_of_the_role(self) -> None:
        client = signed_in(a_staff_user())
        look(client, "cashier")
        assert [role for role, _scope in queries.roles_held(actor_now(client))] == ["cashier"]


class TestNothingChanges:
    def test_every_address_refuses_what_changes(self) -> None:
        self.ask_every_address(rarer_at_every=3)

    @pytest.mark.drill
    def test_every_address_refuses_every_method_that_changes(self) -> None:
        self.ask_every_address(rarer_at_every=1)

    def ask_every_address(self, *, rarer_at_every: int) -> None:
        """POST everywhere; one of the rarer methods, another each time, at every so many."""
        client = signed_in(a_staff_user())
        look(client, "administrator")
        client.raise_request_exception = False
        meant_for_it = {"sign-out", "staff/looking/stop"}
        allowed, asked = set(), 0
        for number, url in enumerate(every_url()):
            # A machine has a key, and a member a session of their own: neither looks as a role.
            if url.permission in (None, "open", MEMBER) or url.route.startswith("api/v1/"):
                continue
            path = "/" + sample_path(url.route)
            rarer = ("put", "patch", "delete")[asked % 3]
            for method in ("post", rarer) if number % rarer_at_every == 0 else ("post",):
                with transaction.atomic():
                    before = Entry.objects.count()
                    answer = getattr(client, method)(path, {})
                    asked += 1
                    if url.route in meant_for_it:
                        transaction.set_rollback(True)
                        allowed.add(url.route)
                        continue
                    assert answer.status_code == 403, (method, url.route, answer.status_code)
                    assert SENTENCE in answer.content.decode(), (method, url.route)
                    assert Entry.objects.count() == before
            if url.route in meant_for_it:
                client = signed_in(a_staff_user())
                look(client, "administrator")
                client.raise_request_exception = False
        assert allowed == meant_for_it
        assert asked > 300

    def test_no_page_that_is_read_writes_anything(self) -> None:
        client = signed_in(a_staff_user())
        look(client, "administrator")
        client.raise_request_exception = False
        actor_now(client)
        seen = 0
        for url in every_url():
            if url.permission in (None, "open") or url.route.startswith("api/v1/"):
                continue
            with CaptureQueriesContext(connection) as captured:
                answer = client.get("/" + sample_path(url.route))
            seen += answer.status_code == 200
            wrote = [q["sql"] for q in captured if is_write(q["sql"])]
            assert wrote == [], (url.route, wrote)
        assert seen > 30

    def test_the_audit_log_refuses_too_whatever_page_would_ask_it(self) -> None:
        client = signed_in(a_staff_user())
        look(client, "administrator")
        with transaction.atomic(), pytest.raises(LookingOnly):
            record(actor_now(client), "members.identity_revealed", "member", None)

    def test_switching_the_language_is_not_kept_with_the_account(self) -> None:
        user = a_staff_user()
        client = signed_in(user)
        look(client, "cashier")
        answer = client.post(reverse("ui:language"), {"language": "zh-hans", "next": "/"})
        assert answer.status_code == 302
        user.refresh_from_db()
        assert user.language == "en"


class TestBothEnds:
    def test_by_hand(self) -> None:
        client = signed_in(a_staff_user())
        look(client, "cashier")
        page = client.get("/").content.decode()
        assert "You see as" in page
        assert "Cashier · Whole group" in page
        client.post(reverse("staff:stop_looking"))
        assert actor_now(client).looking is None
        assert "You see as" not in client.get("/").content.decode()
        assert actions() == ["staff.looking_begun", "staff.looking_ended"]
        assert Entry.objects.get(action="staff.looking_ended").before == {
            "role": "cashier",
            "why": "by hand",
        }

    def test_after_half_an_hour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = signed_in(a_staff_user())
        look(client, "cashier")
        kept = client.session
        kept[looking.KEY] |= {"since": int((clock.now() - dt.timedelta(minutes=30)).timestamp())}
        kept.save()
        page = client.get("/").content.decode()
        assert "Half an hour has passed" in page
        assert actor_now(client).looking is None
        assert Entry.objects.get(action="staff.looking_ended").before["why"] == "after 30 minutes"

    def test_with_the_session(self) -> None:
        client = signed_in(a_staff_user())
        look(client, "cashier")
        client.post(reverse("staff:sign_out"))
        assert settings.SESSION_COOKIE_NAME not in client.cookies or not client.session.keys()
        assert Entry.objects.get(action="staff.looking_ended").before["why"] == "signed out"

    def test_the_banner_stands_on_a_refusal_too(self) -> None:
        client = signed_in(a_staff_user())
        look(client, "cashier")
        answer = client.post(reverse("staff:profile"), {"name": "Somebody Else"})
        assert answer.status_code == 403
        assert "Back to your own view" in answer.content.decode()


def test_the_columns_of_a_scope_are_what_the_session_keeps() -> None:
    assert set(ScopeColumns.columns_of(WHOLE_GROUP)) == {
        "is_group",
        "mall_ids",
        "tenant_ids",
        "store_ids",
    }


def sample_path(route: str) -> str:
    """``route`` with something well-formed in each placeholder."""
    values = {"uuid": "019a0000-0000-7000-8000-000000000001", "int": "1"}
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: values.get(m.group(1) or "", "cashier"), route)


def is_write(sql: str) -> bool:
    """Whether a statement changes something other than the session and when it was last seen."""
    head = sql.lstrip().split(" ", 1)[0].upper()
    if head not in ("INSERT", "UPDATE", "DELETE"):
        return False
    return "django_session" not in sql and "staff_staffsession" not in sql
