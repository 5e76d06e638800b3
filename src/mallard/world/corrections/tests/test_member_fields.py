"""Phones, e-mail addresses and custom fields are proposed by their own rules, and leak nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mallard.kernel.audit.models import Entry
from mallard.kernel.audit.queries import HistoryEntry, entry_opened, history_of
from mallard.kernel.errors import DomainError, Forbidden
from mallard.world.corrections import queries, services
from mallard.world.corrections.errors import CorrectionStale, FieldUnknown
from mallard.world.corrections.models import Correction
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members import services as members
from mallard.world.members.errors import FieldValueInvalid, IdentityInvalid, IdentityTaken
from mallard.world.members.inputs import Enrolment, IdentityInput, MemberRef
from mallard.world.members.models import FieldValue, Identity, Member
from mallard.world.members.queries import find_by_identities
from mallard.world.staff.models import StaffUser
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.services import create_role
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import cancel_task

pytestmark = pytest.mark.django_db
OLD, NEW = "13800138000", "13655550123"
MASKED_NEW = "136****0123"
OPTIONS = [
    {"code": "tea", "en": "Tea", "zh": "茶"},
    {"code": "coffee", "en": "Coffee", "zh": "咖啡"},
]


@pytest.fixture
def member() -> Member:
    world = a_mall_group()
    enrolment = Enrolment(
        profile={"name": "Ann Li"},
        identities=(IdentityInput("phone", OLD),),
        mall_id=world.lakeside.id,
    )
    return Member.objects.get(pk=members.enrol_member(enrolment, actor=SYSTEM).id)


@pytest.fixture
def clerk() -> StaffUser:
    return a_staff_user("cashier")


@pytest.fixture
def manager() -> StaffUser:
    return a_staff_user("crm_manager")


def signed_in(user: StaffUser) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def propose(member: Member, field: str, value: str, by: StaffUser) -> Correction:
    return services.propose_correction(
        "member", member.id, field=field, value=value, reason="They say so",
        actor=actor_for_user(by),
    )  # fmt: skip


def held(member: Member, kind: str = "phone") -> Identity:
    return Identity.objects.get(member=member, kind=kind, closed_at=None)


def is_found(kind: str, value: str) -> bool:
    ref = MemberRef(kind, value)
    return ref in find_by_identities([ref])


def in_clear(text: str) -> list[str]:
    """The tables in which ``text`` stands readable."""
    found = []
    with connection.cursor() as cursor:
        for table in ("corrections_correction", "tasks_task", "audit_entry", "outbox_event"):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s",  # noqa: S608 ours
                [f"%{text}%"],
            )
            found += [table] if cursor.fetchone() != (0,) else []
    return found


class TestIdentities:
    def test_another_phone_takes_the_place_of_the_old_one(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        old = held(member)
        row = propose(member, f"phone.{old.pk.hex}", "136 5555-0123", clerk)
        assert is_found("phone", OLD)
        assert in_clear("13655550123") == []
        boss = signed_in(manager)
        page = boss.get(reverse("corrections:detail", args=[row.id])).content.decode()
        assert MASKED_NEW in page
        assert "138****8000" in page
        assert NEW not in page
        assert boss.post(reverse("corrections:accept", args=[row.id])).status_code == 302
        assert is_found("phone", NEW)
        assert not is_found("phone", OLD)
        traces = Entry.objects.filter(action__startswith="members.identity_", actor_id=manager.id)
        assert list(traces.order_by("id").values_list("action", flat=True)) == [
            "members.identity_removed",
            "members.identity_added",
        ]

    def test_one_more_and_one_less(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        added = propose(member, "identity.email", "Ann@Example.org", clerk)
        removed = propose(member, f"phone.{held(member).pk.hex}", "", clerk)
        for row in (added, removed):
            services.accept_correction(row.id, actor=actor_for_user(manager))
        assert is_found("email", "ann@example.org")
        assert not is_found("phone", OLD)

    def test_what_is_no_phone_is_refused_when_it_is_proposed(
        self, member: Member, clerk: StaffUser
    ) -> None:
        new = reverse("corrections:new", args=["member", member.id])
        wrong = {"field": "identity.phone", "value": "12", "reason": "They say so"}
        answer = signed_in(clerk).post(new, wrong)
        assert answer.status_code == 422
        assert answer.context["form"].errors["value"]
        with pytest.raises(IdentityInvalid):
            propose(member, "identity.phone", "", clerk)
        assert not Task.objects.exists()

    def test_that_it_is_somebody_elses_is_told_to_the_owner_alone(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        other = Enrolment(identities=(IdentityInput("phone", NEW),))
        members.enrol_member(other, actor=SYSTEM)
        row = propose(member, f"phone.{held(member).pk.hex}", NEW, clerk)
        answer = signed_in(manager).post(reverse("corrections:accept", args=[row.id]))
        assert answer.status_code == 422
        assert "belongs to another member" in answer.content.decode()
        with pytest.raises(IdentityTaken):
            services.accept_correction(row.id, actor=actor_for_user(manager))
        row.refresh_from_db()
        assert row.is_open
        assert is_found("phone", OLD)

    def test_one_that_was_removed_meanwhile_makes_it_stale(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        old = held(member)
        row = propose(member, f"phone.{old.pk.hex}", NEW, clerk)
        members.remove_identity(old.pk, member_id=member.id, actor=SYSTEM)
        with pytest.raises(CorrectionStale):
            services.accept_correction(row.id, actor=actor_for_user(manager))
        services.accept_correction(row.id, even_if_stale=True, actor=actor_for_user(manager))
        assert is_found("phone", NEW)

    def test_of_another_member_there_is_none(self, member: Member, clerk: StaffUser) -> None:
        other = members.enrol_member(
            Enrolment(identities=(IdentityInput("phone", NEW),)), actor=SYSTEM
        )
        theirs = Identity.objects.get(member=other.id)
        with pytest.raises(FieldUnknown):
            propose(member, f"phone.{theirs.pk.hex}", OLD, clerk)

    def test_the_proposer_chooses_among_masked_ones(self, member: Member, clerk: StaffUser) -> None:
        page = signed_in(clerk).get(reverse("corrections:new", args=["member", member.id]))
        assert "138****8000" in page.content.decode()
        assert OLD not in page.content.decode()


REASON = "They wait at the desk"


def reveal(row: Correction, part: str, by: Client, reason: str = REASON) -> Any:
    url = reverse("corrections:reveal", args=[row.id, part])
    return by.post(url, {"reason": reason}, headers={"HX-Request": "true"})


def reveals() -> list[HistoryEntry]:
    """What the audit log says of identities that were shown in full."""
    found = Entry.objects.filter(action="members.identity_revealed").order_by("id")
    return [entry_opened(one) for one in found]


class TestRevealing:
    @pytest.fixture
    def row(self, member: Member, clerk: StaffUser) -> Correction:
        return propose(member, f"phone.{held(member).pk.hex}", NEW, clerk)

    @pytest.fixture
    def unseeing(self) -> StaffUser:
        """Somebody who may decide about members' records, and reveal nothing."""
        role = create_role(
            name_en="Record keeper",
            name_zh="资料管理员",
            purpose="",
            permissions=[
                "members.view_member", "members.view_name", "members.change_member",
                "tasks.view_task", "tasks.work_on_task", "tasks.view_every_task",
            ],
            actor=SYSTEM,
        )  # fmt: skip
        return a_staff_user(role.code)

    def test_who_decides_sees_both_numbers_for_a_reason_that_the_log_keeps(
        self,
        member: Member,
        manager: StaffUser,
        row: Correction,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        boss = signed_in(manager)
        page = boss.get(reverse("corrections:detail", args=[row.id])).content.decode()
        for part, value in (("new", NEW), ("old", OLD)):
            assert reverse("corrections:reveal", args=[row.id, part]) in page
            shown = reveal(row, part, boss)
            assert shown.status_code == 200
            assert value in shown.content.decode()
            assert "no-store" in shown["Cache-Control"]
        told = [(one.actor_id, one.subject_type, one.subject_id, one.after) for one in reveals()]
        after = {"kind": "phone", "why": REASON}
        assert told == [
            (manager.id, "correction", row.id, after | {"shown": masked})
            for masked in (f"+86 {MASKED_NEW}", "+86 138****8000")
        ]
        assert [one.action for one in history_of("member", member.id)].count(
            "members.identity_revealed"
        ) == 2
        assert in_clear("13655550123") == []
        assert in_clear(REASON) == []
        assert not any(text in caplog.text for text in ("3655550123", "3800138000", REASON))

    def test_without_javascript_it_is_a_page_with_the_way_back(
        self, manager: StaffUser, row: Correction
    ) -> None:
        url = reverse("corrections:reveal", args=[row.id, "new"])
        page = signed_in(manager).post(url, {"reason": REASON}).content.decode()
        assert NEW in page
        assert reverse("corrections:detail", args=[row.id]) in page

    @pytest.mark.parametrize("reason", ["", " x ", "card 4111 1111 1111 1111"])
    def test_without_a_reason_that_counts_nothing_is_shown(
        self, manager: StaffUser, row: Correction, reason: str
    ) -> None:
        refused = reveal(row, "new", signed_in(manager), reason)
        assert refused.status_code == 422
        assert NEW not in refused.content.decode()
        assert reverse("corrections:reveal", args=[row.id, "new"]) in refused.content.decode()
        assert reveals() == []

    def test_without_the_permission_there_is_no_control_and_no_way_round(
        self, unseeing: StaffUser, row: Correction
    ) -> None:
        client = signed_in(unseeing)
        answer = client.get(reverse("corrections:detail", args=[row.id]))
        assert answer.context["standing"].may_decide
        assert MASKED_NEW in answer.content.decode()
        assert "/reveal/" not in answer.content.decode()
        assert reveal(row, "new", client).status_code == 403
        with pytest.raises(Forbidden):
            services.reveal_words(row.id, "new", reason=REASON, actor=actor_for_user(unseeing))
        assert reveals() == []

    def test_who_proposed_it_or_only_serves_members_sees_nothing(
        self, member: Member, row: Correction
    ) -> None:
        # They may reveal identities, and change members; it is not theirs to decide.
        assert reveal(row, "new", signed_in(a_staff_user("service_agent"))).status_code == 404
        other = a_staff_user("crm_manager")
        theirs = propose(member, "identity.email", "ann@example.org", other)
        assert reveal(theirs, "new", signed_in(other)).status_code == 403
        page = signed_in(other).get(reverse("corrections:detail", args=[theirs.id]))
        assert "/reveal/" not in page.content.decode()
        assert reveals() == []

    def test_once_it_is_decided_or_withdrawn_it_stays_masked(
        self, member: Member, manager: StaffUser, clerk: StaffUser, row: Correction
    ) -> None:
        boss = signed_in(manager)
        services.decline_correction(row.id, reason="Wrong", actor=actor_for_user(manager))
        taken_back = propose(member, "identity.phone", NEW, clerk)
        cancel_task(taken_back.task_id, reason="Mistaken", actor=actor_for_user(clerk))
        for one in (row, taken_back):
            page = boss.get(reverse("corrections:detail", args=[one.id])).content.decode()
            assert MASKED_NEW in page
            assert "/reveal/" not in page
            assert reveal(one, "new", boss).status_code == 409
        assert reveals() == []

    def test_where_nothing_is_masked_there_is_nothing_to_reveal(
        self, member: Member, manager: StaffUser, clerk: StaffUser
    ) -> None:
        boss = signed_in(manager)
        name = propose(member, "name", "Ann Lee", clerk)
        gone = propose(member, f"phone.{held(member).pk.hex}", "", clerk)
        for row, part in ((name, "new"), (gone, "new"), (gone, "reason")):
            assert reveal(row, part, boss).status_code == 404
        page = boss.get(reverse("corrections:detail", args=[gone.id])).content.decode()
        assert reverse("corrections:reveal", args=[gone.id, "new"]) not in page
        assert reveals() == []


class TestCustomFields:
    @pytest.fixture(autouse=True)
    def fields(self) -> None:
        members.save_field(
            "drink", is_new=True, type="choice", name_en="Drink", options=OPTIONS, actor=SYSTEM
        )
        members.save_field(
            "allergy", is_new=True, type="text", name_en="Allergy", is_personal=True,
            audience="confidential", actor=SYSTEM,
        )  # fmt: skip

    def value(self, member: Member, code: str) -> list[str]:
        row = FieldValue.objects.filter(member=member, field__code=code).first()
        return list(row.values) if row else []

    def test_the_owner_puts_in_what_was_proposed_in_words(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        row = propose(member, "custom.drink", "咖啡", clerk)
        assert self.value(member, "drink") == []
        boss = signed_in(manager)
        page = boss.get(reverse("corrections:detail", args=[row.id])).content.decode()
        assert "Coffee" in page
        assert boss.post(reverse("corrections:accept", args=[row.id])).status_code == 302
        assert self.value(member, "drink") == ["coffee"]
        entry = Entry.objects.get(action="members.member_changed")
        assert (entry.actor_id, entry.personal_of) == (manager.id, member.id)

    def test_the_fields_own_rules_refuse_and_say_what_there_is(
        self, member: Member, clerk: StaffUser
    ) -> None:
        with pytest.raises(FieldValueInvalid) as refused:
            propose(member, "custom.drink", "Gin", clerk)
        assert "Tea, Coffee" in str(refused.value.fields["value"])
        assert not Task.objects.exists()

    def test_a_value_that_changed_meanwhile_is_said(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        row = propose(member, "custom.drink", "coffee", clerk)
        members.set_field_values(member.id, {"drink": "tea"}, actor=SYSTEM)
        page = signed_in(manager).get(reverse("corrections:detail", args=[row.id]))
        assert "Tea" in page.content.decode()
        with pytest.raises(CorrectionStale):
            services.accept_correction(row.id, actor=actor_for_user(manager))
        assert self.value(member, "drink") == ["tea"]

    def test_a_field_that_is_not_for_one_does_not_exist(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        with pytest.raises(FieldUnknown):
            propose(member, "custom.allergy", "Nuts", clerk)
        new = reverse("corrections:new", args=["member", member.id])
        assert "Allergy" not in signed_in(clerk).get(new).content.decode()
        other = a_staff_user("crm_manager")
        row = propose(member, "custom.allergy", "Hazelnuts", other)
        assert in_clear("Hazelnuts") == []
        assert "Allergy" not in str(Task.objects.get(pk=row.task_id).params)
        url = reverse("corrections:detail", args=[row.id])
        agent = a_staff_user("service_agent")
        seen = queries.visible_corrections(actor_for_user(agent)).filter(pk=row.pk).exists()
        page = signed_in(agent).get(url)
        assert page.status_code == (200 if seen else 404)
        assert "Hazelnuts" not in page.content.decode()
        with pytest.raises((Forbidden, DomainError)):
            services.accept_correction(row.id, actor=actor_for_user(agent))
        director = signed_in(a_staff_user("director")).get(url).content.decode()
        assert "Hazelnuts" not in director
        assert "Allergy" not in director
        services.accept_correction(row.id, actor=actor_for_user(manager))
        assert FieldValue.objects.filter(member=member, field__code="allergy").exists()

    def test_after_erasure_nothing_can_be_read(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        rows = [
            propose(member, "custom.drink", "coffee", clerk),
            propose(member, "identity.phone", NEW, clerk),
            propose(member, f"phone.{held(member).pk.hex}", NEW, clerk),
        ]
        members.erase_member(member.id, actor=SYSTEM)
        for row in rows:
            assert queries.standing_of(row.id, SYSTEM).words is None
            page = signed_in(manager).get(reverse("corrections:detail", args=[row.id]))
            assert page.status_code in (200, 404)
            assert MASKED_NEW not in page.content.decode()
            with pytest.raises(DomainError):
                services.accept_correction(row.id, actor=actor_for_user(manager))

    def test_what_another_record_of_the_person_says_is_what_stands_there(
        self, member: Member, clerk: StaffUser, manager: StaffUser
    ) -> None:
        old = Enrolment(
            profile={"occupation": "Painter"}, custom={"drink": "tea"},
            identities=(IdentityInput("phone", NEW),),
        )  # fmt: skip
        merged = members.enrol_member(old, actor=SYSTEM).id
        members.merge_members(member.id, merged_id=merged, actor=SYSTEM)
        boss = actor_for_user(manager)
        rows = [propose(member, "custom.drink", "coffee", clerk),
                propose(member, "occupation", "", clerk)]  # fmt: skip
        stood = [queries.standing_of(row.id, boss).present for row in rows]
        assert stood == ["tea", "Painter"]
        for row in rows:
            services.accept_correction(row.id, actor=boss)
        assert [queries.standing_of(row.id, boss).present for row in rows] == ["coffee", ""]
        assert self.value(Member.objects.get(pk=merged), "drink") == ["tea"]
