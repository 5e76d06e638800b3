"""Another phone for a member: how it is proved, what ends, what is refused."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import now
from mallard.kernel.errors import DomainError, Forbidden
from mallard.kernel.ids import uuid7
from mallard.kernel.mail.models import Mail
from mallard.kernel.mail.sending import sealing_context
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.errors import MemberNotOpen
from mallard.world.members.inputs import IdentityInput, MemberRef
from mallard.world.members.models import Identity, Member
from mallard.world.members.queries import find_by_identities
from mallard.world.members.services import add_identity, close_member, erase_member, merge_members
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.memberweb.models import MemberSession, SignInCode, SignInLink, WayIn
from mallard.world.memberweb.services import begin_session, make_link, request_code
from mallard.world.phones import queries
from mallard.world.phones.errors import (
    ChangeDecided,
    ChangeUnknown,
    ChangeWaits,
    CodeNotRight,
    CodeOver,
    OwnChange,
    WhyNeeded,
)
from mallard.world.phones.models import MAX_FAILURES, PhoneChange, Proof, State
from mallard.world.phones.services import (
    ChangeInput,
    decide_change,
    prove_by_code,
    request_change,
)
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user
from mallard.world.tasks.models import Task, TaskStatus

pytestmark = pytest.mark.django_db

OLD, NEW = "13812345678", "13987654321"
EMAIL = "lili@example.com"


def somebody(role: str = "service_agent") -> Actor:
    return actor_for_user(a_staff_user(role, scope=WHOLE_GROUP))


@pytest.fixture
def agent() -> Actor:
    return somebody()


@pytest.fixture
def manager() -> Actor:
    return somebody("crm_manager")


@pytest.fixture
def member() -> Member:
    email = IdentityInput("email", EMAIL, verified_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return a_member(phone=OLD, identities=(email,))


def wanted(member: Member, phone: str = NEW, **more: Any) -> ChangeInput:
    given: dict[str, Any] = {"key": f"test:{uuid7()}", "proof": Proof.EMAIL, **more}
    if given["proof"] == Proof.DOCUMENT:
        given.setdefault("document", "identity")
    return ChangeInput(member_id=member.pk, phone=phone, **given)


def by_document(member: Member, agent: Actor, phone: str = NEW) -> PhoneChange:
    return request_change(wanted(member, phone, proof=Proof.DOCUMENT), actor=agent)


def mails(kind: str) -> list[str]:
    """The texts of the mails of a kind, opened with their members' keys."""
    found = []
    for row in Mail.objects.filter(kind=kind).order_by("queued_at"):
        assert row.personal_of is not None
        key = open_keys([row.personal_of])[row.personal_of]
        found.append(key.open(bytes(row.content), sealing_context(row.id)).decode())
    return found


def code_sent() -> str:
    found = re.search(r"\b(\d{6})\b", mails("phones.code")[-1])
    assert found is not None
    return found[1]


def known_by(phone: str) -> list[Any]:
    return [one.member_id for one in find_by_identities([MemberRef("phone", phone)]).values()]


def refused(code: str, change: ChangeInput, agent: Actor) -> DomainError:
    before = PhoneChange.objects.count()
    with pytest.raises(DomainError) as caught:
        request_change(change, actor=agent)
    assert caught.value.code == code
    assert PhoneChange.objects.count() == before
    return caught.value


def test_a_code_to_the_verified_email_changes_the_phone(member: Member, agent: Actor) -> None:
    row = request_change(wanted(member), actor=agent)
    assert (row.state, known_by(OLD), known_by(NEW)) == (State.PROVING, [member.pk], [])
    done = prove_by_code(row.pk, typed=code_sent(), actor=agent)
    assert (done.state, known_by(OLD), known_by(NEW)) == (State.DONE, [], [member.pk])
    assert done.new_identity is not None
    assert done.new_identity.verified_at is None
    event = OutboxEvent.objects.get(name="phones.phone_changed")
    assert (event.payload["member_id"], event.payload["proof"]) == (str(member.pk), "email")
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"phones.change_asked", "phones.change_done"} <= actions
    [told] = mails("phones.changed")
    assert NEW not in told
    assert "139****4321" in told
    with pytest.raises(ChangeDecided):
        prove_by_code(row.pk, typed=code_sent(), actor=agent)


def test_a_document_needs_a_second_person(member: Member, agent: Actor, manager: Actor) -> None:
    row = by_document(member, agent)
    assert (row.state, known_by(NEW)) == (State.WAITING, [])
    task = Task.objects.get()
    assert (task.role, task.member_id) == ("crm_manager", member.pk)
    with pytest.raises(OwnChange):
        decide_change(row.pk, is_approved=True, actor=agent)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        PhoneChange.objects.filter(pk=row.pk).update(
            state=State.DECLINED, decided_at=row.asked_at, decided_by_id=row.asked_by_id
        )
    assert known_by(OLD) == [member.pk]
    done = decide_change(row.pk, is_approved=True, actor=manager)
    assert (done.state, known_by(OLD), known_by(NEW)) == (State.DONE, [], [member.pk])
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE
    with pytest.raises(ChangeDecided):
        decide_change(row.pk, is_approved=True, actor=manager)


def test_another_agent_may_be_the_second_person(member: Member, agent: Actor) -> None:
    row = by_document(member, agent)
    assert decide_change(row.pk, is_approved=True, actor=somebody()).state == State.DONE


def test_declining_says_why_under_the_members_key(
    member: Member, agent: Actor, manager: Actor
) -> None:
    row = by_document(member, agent)
    with pytest.raises(WhyNeeded):
        decide_change(row.pk, is_approved=False, reason="no", actor=manager)
    done = decide_change(row.pk, is_approved=False, reason="The photo differs", actor=manager)
    assert (done.state, known_by(OLD), known_by(NEW)) == (State.DECLINED, [member.pk], [])
    assert queries.answer_of(done) == "The photo differs"
    assert b"photo" not in bytes(done.answer_sealed or b"")
    assert by_document(member, agent).state == State.WAITING


def test_every_way_in_ends(member: Member, agent: Actor, manager: Actor) -> None:
    begin_session(member, way_in=WayIn.CODE)
    make_link(member.pk, actor=agent)
    request_code(typed=OLD)
    row = by_document(member, agent)
    decide_change(row.pk, is_approved=True, actor=manager)
    assert MemberSession.objects.get().ended_at is not None
    assert SignInLink.objects.get().withdrawn_at is not None
    assert SignInCode.objects.get().expires_at <= now()


def test_a_phone_of_somebody_else_is_refused_without_saying_whose(
    member: Member, agent: Actor, manager: Actor
) -> None:
    other = a_member(phone=NEW)
    error = refused("members.identity_taken", wanted(member), agent)
    assert list(error.fields) == ["phone"]
    assert other.number not in error.sentence
    # Taken meanwhile: the change goes on waiting, and can be declined.
    row = by_document(member, agent, "13700000001")
    a_member(phone="13700000001")
    with pytest.raises(DomainError) as caught:
        decide_change(row.pk, is_approved=True, actor=manager)
    assert caught.value.code == "members.identity_taken"
    row.refresh_from_db()
    assert (row.state, known_by(OLD)) == (State.WAITING, [member.pk])


@pytest.mark.parametrize(
    ("code", "field", "change"),
    [
        ("phones.same_phone", "phone", {"phone": OLD}),
        ("members.identity_invalid", "phone", {"phone": "12"}),
        ("phones.document_needed", "document", {"proof": Proof.DOCUMENT, "document": "pet"}),
        ("phones.which_phone", "replaces", {"replaces": uuid7()}),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    member: Member, agent: Actor, code: str, field: str, change: dict[str, Any]
) -> None:
    error = refused(code, wanted(member, **change), agent)
    assert list(error.fields) == [field]


def test_of_several_phones_one_is_named(member: Member, agent: Actor) -> None:
    second = add_identity(member.pk, IdentityInput("phone", "13600000000"), actor=SYSTEM)
    refused("phones.which_phone", wanted(member), agent)
    row = request_change(wanted(member, replaces=second), actor=agent)
    prove_by_code(row.pk, typed=code_sent(), actor=agent)
    assert (known_by(OLD), known_by("13600000000")) == ([member.pk], [])


def test_an_email_that_was_never_proved_gets_no_code(agent: Actor) -> None:
    plain = a_member(identities=(IdentityInput("email", "x@example.com"),))
    refused("phones.no_verified_email", wanted(plain), agent)
    assert mails("phones.code") == []


def test_wrong_codes_are_counted_for_good(member: Member, agent: Actor) -> None:
    row = request_change(wanted(member), actor=agent)
    right = code_sent()
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(MAX_FAILURES - 1):
        with pytest.raises(CodeNotRight):
            prove_by_code(row.pk, typed=wrong, actor=agent)
    with pytest.raises(CodeOver):
        prove_by_code(row.pk, typed=wrong, actor=agent)
    with pytest.raises(CodeOver):
        prove_by_code(row.pk, typed=right, actor=agent)
    assert known_by(NEW) == []
    again = request_change(wanted(member), actor=agent)
    row.refresh_from_db()
    assert row.state == State.ENDED
    assert prove_by_code(again.pk, typed=code_sent(), actor=agent).state == State.DONE


def test_a_code_is_good_for_ten_minutes(frozen_clock: Any, member: Member, agent: Actor) -> None:
    frozen_clock.set(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    row = request_change(wanted(member), actor=agent)
    frozen_clock.advance(minutes=10)
    with pytest.raises(CodeOver):
        prove_by_code(row.pk, typed=code_sent(), actor=agent)


def test_a_code_is_no_document_and_a_document_no_code(
    member: Member, agent: Actor, manager: Actor
) -> None:
    row = request_change(wanted(member), actor=agent)
    with pytest.raises(ChangeDecided):
        decide_change(row.pk, is_approved=True, actor=manager)
    waiting = by_document(a_member(), agent, "13700000009")
    with pytest.raises(ChangeDecided):
        prove_by_code(waiting.pk, typed="123456", actor=agent)
    assert known_by("13700000009") == []


def test_one_change_at_a_time(member: Member, agent: Actor) -> None:
    first = wanted(member, proof=Proof.DOCUMENT)
    row = request_change(first, actor=agent)
    assert request_change(first, actor=agent) == row
    with pytest.raises(ChangeWaits):
        request_change(wanted(member, "13700000001"), actor=agent)
    refused("phones.key_reused", wanted(a_member(), key=first.key), agent)


def test_closed_merged_and_erased_members(member: Member, agent: Actor, manager: Actor) -> None:
    row = by_document(member, agent)
    close_member(member.pk, actor=SYSTEM)
    with pytest.raises(MemberNotOpen):
        decide_change(row.pk, is_approved=True, actor=manager)
    refused("members.not_open", wanted(member), agent)
    lost, kept = a_member(), a_member()
    merge_members(survivor_id=kept.pk, merged_id=lost.pk, actor=SYSTEM)
    refused("members.merged", wanted(lost, "13700000007"), agent)
    gone = a_member()
    waiting = by_document(gone, agent, "13700000008")
    erase_member(gone.pk, actor=SYSTEM)
    waiting.refresh_from_db()
    assert queries.new_phone_of(waiting) == queries.old_phone_of(waiting) == ""
    done = decide_change(waiting.pk, is_approved=False, reason="They left us", actor=manager)
    assert (done.state, done.answer_sealed) == (State.DECLINED, None)


def test_who_may_not(member: Member, agent: Actor) -> None:
    cashier = somebody("cashier")
    with pytest.raises(Forbidden):
        request_change(wanted(member), actor=cashier)
    row = request_change(wanted(member), actor=agent)
    with pytest.raises(Forbidden):
        prove_by_code(row.pk, typed=code_sent(), actor=cashier)
    stranger = actor_for_user(
        a_staff_user("service_agent", scope=Scope(mall_ids=frozenset([uuid7()])))
    )
    with pytest.raises(ChangeUnknown):
        prove_by_code(row.pk, typed=code_sent(), actor=stranger)
    assert Identity.objects.filter(member=member, closed_at__isnull=False).count() == 0


def test_nothing_tells_the_number_in_clear(member: Member, agent: Actor) -> None:
    row = request_change(wanted(member), actor=agent)
    stored = " ".join(str(value) for value in PhoneChange.objects.values().get(pk=row.pk).values())
    told = " ".join(str(one.__dict__) for one in Entry.objects.all())
    for text in (stored, told):
        assert NEW not in text
        assert NEW[1:] not in text
        assert code_sent() not in text
