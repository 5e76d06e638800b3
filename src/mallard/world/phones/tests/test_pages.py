"""Changing a phone on screen, as an agent and a manager meet it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Member
from mallard.world.members.tests.factories import a_member
from mallard.world.phones.models import PhoneChange, State
from mallard.world.phones.tests.test_services import EMAIL, NEW, OLD, code_sent, known_by
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    proved = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return a_member(phone=OLD, identities=(IdentityInput("email", EMAIL, verified_at=proved),))


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(
        a_staff_user(role, scope=WHOLE_GROUP), "django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def agent() -> Client:
    return signed_in("service_agent")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def begin(client: Client, member: Member, **changes: str) -> Any:
    page = reverse("phones:new", args=[member.pk])
    form = client.get(page).context["form"]
    body = {"key": form["key"].value(), "phone": NEW, "proof": "email"}
    if "replaces" in form.fields:
        body["replaces"] = form.fields["replaces"].choices[0][0]
    return client.post(page, body | changes, follow=True)


def test_the_member_reads_a_code_out(member: Member, agent: Client) -> None:
    detail = reverse("members:detail", args=[member.pk])
    assert reverse("phones:new", args=[member.pk]) in text_of(agent.get(detail))
    answer = begin(agent, member)
    assert "it must be proved first" in text_of(answer)
    assert NEW not in text_of(answer)
    row = PhoneChange.objects.get()
    code = reverse("phones:code", args=[row.pk])
    right = code_sent()
    wrong = agent.post(code, {"code": "000000" if right != "000000" else "111111"})
    assert wrong.status_code == 422
    assert "4 tries are left" in text_of(wrong)
    done = agent.post(code, {"code": f"{right[:3]} {right[3:]}"}, follow=True)
    assert "The phone is changed" in text_of(done)
    assert known_by(NEW) == [member.pk]
    timeline = reverse("members:timeline", args=[member.pk])
    assert "Phone changed" in text_of(agent.get(timeline))
    assert "Changed" in text_of(agent.get(reverse("phones:changes")))


def test_a_manager_approves_a_document(member: Member, agent: Client) -> None:
    manager = signed_in("crm_manager")
    missing = begin(agent, member, proof="document")
    assert missing.status_code == 422
    assert "Say which document" in text_of(missing)
    answer = begin(agent, member, proof="document", document="passport")
    assert "You saw the document" in text_of(answer)
    row = PhoneChange.objects.get()
    approve = reverse("phones:approve", args=[row.pk])
    assert agent.post(approve).status_code == 403
    assert "Passport" in text_of(manager.get(reverse("phones:change", args=[row.pk])))
    manager.post(approve)
    again = manager.post(approve, follow=True)
    assert "is over already" in text_of(again)
    assert known_by(NEW) == [member.pk]


def test_declining_tells_why(member: Member, agent: Client) -> None:
    manager = signed_in("crm_manager")
    begin(agent, member, proof="document", document="passport")
    row = PhoneChange.objects.get()
    decline = reverse("phones:decline", args=[row.pk])
    assert manager.post(decline, {"reason": "no"}).status_code == 422
    manager.post(decline, {"reason": "The photo differs"})
    row.refresh_from_db()
    assert (row.state, known_by(OLD)) == (State.DECLINED, [member.pk])
    assert "The photo differs" in text_of(agent.get(reverse("phones:change", args=[row.pk])))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(member: Member, agent: Client) -> None:
    a_member(phone=NEW)
    answer = begin(agent, member)
    assert answer.status_code == 422
    assert "belongs to another member already" in text_of(answer)
    assert f'value="{NEW}"' in text_of(answer)
    assert PhoneChange.objects.count() == 0
