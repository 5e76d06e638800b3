"""One department proposes, the owner decides: nothing changes before, and nothing leaks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import DomainError, Forbidden, NotFound
from mallard.kernel.workspace.models import Notification
from mallard.world.catalog import services as catalog
from mallard.world.catalog.facts import CategoryInput, ProductInput
from mallard.world.corrections import queries, services
from mallard.world.corrections.errors import (
    CorrectionDecided,
    CorrectionNotFound,
    CorrectionStale,
    NothingToCorrect,
    OwnCorrection,
    ReasonNeeded,
)
from mallard.world.corrections.models import Correction, Decision
from mallard.world.malls import services as malls
from mallard.world.malls.facts import LeaseInput, TenantInput
from mallard.world.malls.models import Lease, Store, Tenant
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members import services as members
from mallard.world.members.inputs import Enrolment, IdentityInput
from mallard.world.members.models import Member
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user
from mallard.world.tasks.errors import SettledElsewhere
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import cancel_task, finish_task

pytestmark = pytest.mark.django_db
SECRET = "Quixotina Zephyrsdottir"


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def owner() -> StaffUser:
    return a_staff_user("leasing", name="Leasing Li")


@pytest.fixture
def cashier(world: World) -> StaffUser:
    here = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
    return a_staff_user("cashier", scope=here, name="Cashier Chen")


def propose(store: Store, by: StaffUser, value: str = "Sunnier Bakery") -> Correction:
    return services.propose_correction(
        "store",
        store.id,
        field="name_en",
        value=value,
        reason="It says so above the door",
        actor=actor_for_user(by),
    )


def a_member(world: World) -> Member:
    enrolment = Enrolment(
        profile={"name": "Ann Li", "birth_date": "1990-05-21"},
        identities=(IdentityInput("phone", "13800138000"),),
        store_id=world.lakeside_bakery.id,
        mall_id=world.lakeside.id,
    )
    return Member.objects.get(pk=members.enrol_member(enrolment, actor=SYSTEM).id)


def signed_in(user: StaffUser) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


class TestDeciding:
    def test_accepting_goes_through_the_owners_service_with_the_owner_as_actor(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        store = world.lakeside_bakery
        row = propose(store, cashier)
        store.refresh_from_db()
        assert store.name_en != "Sunnier Bakery"
        task = Task.objects.get(pk=row.task_id)
        assert (task.kind, task.role, task.store_id) == ("correction", "leasing", store.id)
        services.accept_correction(row.id, actor=actor_for_user(owner))
        store.refresh_from_db()
        assert store.name_en == "Sunnier Bakery"
        assert store.trade_category_id == world.bread.id
        task.refresh_from_db()
        assert (task.status, task.closed_by_id) == ("done", owner.id)
        entries = Entry.objects.filter(subject_id=store.id).order_by("id")
        changed = [entry for entry in entries if entry.action.startswith("malls.")]
        assert changed
        assert changed[-1].actor_id == owner.id
        named = entries.get(action="corrections.correction_accepted")
        assert named.after["correction_id"] == str(row.id)
        told = Notification.objects.get(actor_id=cashier.id)
        assert told.kind == "corrections.accepted"

    def test_declining_leaves_it_and_tells_why(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        row = propose(world.lakeside_bakery, cashier)
        with pytest.raises(ReasonNeeded):
            services.decline_correction(row.id, reason=" ", actor=actor_for_user(owner))
        services.decline_correction(row.id, reason="It does", actor=actor_for_user(owner))
        row.refresh_from_db()
        assert (row.decision, row.answer) == (Decision.DECLINED, "It does")
        assert Notification.objects.filter(kind="corrections.declined").count() == 1
        with pytest.raises(CorrectionDecided):
            services.accept_correction(row.id, actor=actor_for_user(owner))
        assert Store.objects.get(pk=world.lakeside_bakery.id).name_en != "Sunnier Bakery"

    def test_a_value_that_changed_meanwhile_is_said_and_needs_a_look(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        store, actor = world.lakeside_bakery, actor_for_user(owner)
        row = propose(store, cashier)
        Store.objects.filter(pk=store.pk).update(name_en="Third Name")
        standing = queries.standing_of(row.id, actor)
        assert standing.is_stale
        page = signed_in(owner).get(reverse("corrections:detail", args=[row.id])).content.decode()
        assert "Third Name" in page
        with pytest.raises(CorrectionStale):
            services.accept_correction(row.id, actor=actor)
        assert Store.objects.get(pk=store.pk).name_en == "Third Name"
        services.accept_correction(row.id, even_if_stale=True, actor=actor)
        assert Store.objects.get(pk=store.pk).name_en == "Sunnier Bakery"

    def test_nobody_decides_their_own_and_nobody_who_may_not_change_it(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        own = propose(world.lakeside_bakery, owner, "Mine")
        with pytest.raises(OwnCorrection):
            services.accept_correction(own.id, actor=actor_for_user(owner))
        row = propose(world.lakeside_bakery, cashier)
        boss = a_staff_user("director")
        with pytest.raises(Forbidden):
            services.accept_correction(row.id, actor=actor_for_user(boss))
        elsewhere = Scope(mall_ids=frozenset([world.hillside.id]))
        with pytest.raises(CorrectionNotFound):
            services.accept_correction(
                row.id, actor=actor_for_user(a_staff_user("leasing", scope=elsewhere))
            )
        row.refresh_from_db()
        assert row.is_open

    def test_the_task_is_settled_by_deciding_only(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        row = propose(world.lakeside_bakery, cashier)
        with pytest.raises(SettledElsewhere):
            finish_task(row.task_id, actor=actor_for_user(owner))
        page = signed_in(owner).get(reverse("tasks:detail", args=[row.task_id])).content.decode()
        assert reverse("corrections:detail", args=[row.id]) in page

    def test_the_proposer_may_withdraw(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        row = propose(world.lakeside_bakery, cashier)
        cancel_task(row.task_id, actor=actor_for_user(cashier))
        with pytest.raises(CorrectionDecided):
            services.accept_correction(row.id, actor=actor_for_user(owner))

    def test_what_the_owners_service_refuses_stays_undecided(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        row = services.propose_correction(
            "store", world.lakeside_bakery.id, field="opened_on", value="soon",
            reason="The sign says so", actor=actor_for_user(cashier),
        )  # fmt: skip
        with pytest.raises(DomainError):
            services.accept_correction(row.id, actor=actor_for_user(owner))
        row.refresh_from_db()
        assert row.is_open


class TestProposing:
    def test_only_of_what_one_sees(self, world: World, cashier: StaffUser) -> None:
        with pytest.raises(NotFound):
            propose(world.hillside_bakery, cashier)
        assert not Task.objects.exists()

    def test_the_present_value_is_no_correction(self, world: World, cashier: StaffUser) -> None:
        with pytest.raises(NothingToCorrect):
            propose(world.lakeside_bakery, cashier, world.lakeside_bakery.name_en)

    def test_every_kind_of_record(self, world: World, owner: StaffUser) -> None:
        catalog.create_category(CategoryInput(code="C", name_en="Bread"), actor=SYSTEM)
        product = catalog.create_product(
            ProductInput(code="P", name_en="Loaf", category_code="C"), actor=SYSTEM
        )
        tenant: Tenant = malls.create_tenant(TenantInput(code="T", name_en="T"), actor=SYSTEM)
        lease: Lease = malls.create_lease(
            LeaseInput(
                tenant_id=world.bakery.id, unit_id=world.unit.id, starts_on=dt.date(2025, 1, 1),
                ends_on=dt.date(2026, 12, 31), area_dm2=9000, base_rent_minor=1,
            ),
            actor=SYSTEM,
        )  # fmt: skip
        boss, other = a_staff_user(), actor_for_user(a_staff_user())
        for kind, row, field, value in (
            ("product", product, "name_en", "Rye loaf"),
            ("tenant", tenant, "name_zh", "面包房"),
            ("lease", lease, "ends_on", "2027-12-31"),
        ):
            made = services.propose_correction(
                kind, row.pk, field=field, value=value, reason="Seen", actor=other
            )
            services.accept_correction(made.id, actor=actor_for_user(boss))
            row.refresh_from_db()
            assert str(getattr(row, field)) == value


class TestPersonal:
    def accept_as(self, row: Correction, actor: Actor) -> None:
        services.accept_correction(row.id, actor=actor)

    def test_values_are_sealed_and_only_the_owner_reads_them(self, world: World) -> None:
        member = a_member(world)
        clerk = a_staff_user("cashier")
        row = services.propose_correction(
            "member", member.id, field="name", value=SECRET, reason=f"Passport of {SECRET}",
            actor=actor_for_user(clerk),
        )  # fmt: skip
        with connection.cursor() as cursor:
            for table in ("corrections_correction", "tasks_task", "audit_entry", "outbox_event"):
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s",  # noqa: S608 ours
                    [f"%{SECRET}%"],
                )
                assert cursor.fetchone() == (0,), table
        url = reverse("corrections:detail", args=[row.id])
        assert SECRET not in signed_in(clerk).get(url).content.decode()
        manager = a_staff_user("crm_manager")
        page = signed_in(manager).get(url).content.decode()
        assert SECRET in page
        assert "Ann Li" in page
        assert (
            signed_in(manager).post(reverse("corrections:accept", args=[row.id])).status_code == 302
        )
        entry = Entry.objects.get(action="members.member_changed")
        assert entry.personal_of == member.id
        assert entry.actor_id == manager.id

    def test_who_may_not_read_a_profile_learns_nothing_by_guessing(self, world: World) -> None:
        member = a_member(world)
        services.propose_correction(
            "member", member.id, field="name", value="Ann Li", reason="A guess",
            actor=actor_for_user(a_staff_user("cashier")),
        )  # fmt: skip

    def test_the_database_refuses_words_about_a_member_in_clear(self, world: World) -> None:
        member = a_member(world)
        row = services.propose_correction(
            "member", member.id, field="name", value=SECRET, reason="Seen",
            actor=actor_for_user(a_staff_user("cashier")),
        )  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=row.pk).update(new_value=SECRET)

    def test_after_erasure_nothing_can_be_read(self, world: World) -> None:
        member = a_member(world)
        row = services.propose_correction(
            "member", member.id, field="name", value=SECRET, reason="Seen",
            actor=actor_for_user(a_staff_user("cashier")),
        )  # fmt: skip
        members.erase_member(member.id, actor=SYSTEM)
        assert queries.standing_of(row.id, SYSTEM).words is None
        with pytest.raises(DomainError):
            services.accept_correction(row.id, actor=actor_for_user(a_staff_user("crm_manager")))


class TestPages:
    def test_from_the_record_to_the_decision(
        self, world: World, owner: StaffUser, cashier: StaffUser
    ) -> None:
        store = world.lakeside_bakery
        clerk = signed_in(cashier)
        new = reverse("corrections:new", args=["store", store.id])
        assert new in clerk.get(reverse("malls:store", args=[store.id])).content.decode()
        assert (
            new
            not in signed_in(owner).get(reverse("malls:store", args=[store.id])).content.decode()
        )
        answer = clerk.post(new, {"field": "name_zh", "value": "新名", "reason": "招牌上这样写"})
        assert answer.status_code == 302
        row = Correction.objects.get()
        assert "新名" in clerk.get(reverse("corrections:detail", args=[row.id])).content.decode()
        boss = signed_in(owner)
        refused = boss.post(reverse("corrections:decline", args=[row.id]), {"reason": ""})
        assert refused.status_code == 422
        assert boss.post(reverse("corrections:accept", args=[row.id])).status_code == 302
        store.refresh_from_db()
        assert store.name_zh == "新名"
