"""What a member allows, by channel, with what shows it; and who must not be profiled."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from mallard.world.members import services
from mallard.world.members.models import Member
from mallard.world.members.queries import refused_profiling
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
PROOF = "form 4711, signed"


@pytest.fixture
def member() -> Member:
    found = a_member()
    services.give_consent(found.pk, purpose="marketing", proof=PROOF, actor=SYSTEM)
    services.withdraw_consent(found.pk, purpose="marketing", channel="sms", actor=SYSTEM)
    return found


def page_for(client: Client, role: str, member: Member) -> str:
    client.force_login(a_staff_user(role))
    answer = client.get(reverse("members:consents", args=[member.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_channel_shows_what_counts(client: Client, member: Member) -> None:
    page = page_for(client, "crm_manager", member)
    row = page.split("Offers and news", 1)[1].split("</tr>", 1)[0]
    answers = re.findall(r"Allowed|Refused", row)
    assert answers == ["Allowed", "Refused", "Allowed", "Allowed", "Allowed"]
    assert PROOF in page


def test_the_proof_is_for_those_who_record_it(client: Client, member: Member) -> None:
    page = page_for(client, "analyst", member)
    assert PROOF not in page
    assert "Offers and news" in page


def test_who_refused_profiling_is_known_to_everybody_who_computes(member: Member) -> None:
    silent, refused, changed_mind = member, a_member(), a_member()
    services.withdraw_consent(refused.pk, purpose="profiling", actor=SYSTEM)
    services.withdraw_consent(changed_mind.pk, purpose="profiling", actor=SYSTEM)
    services.give_consent(changed_mind.pk, purpose="profiling", actor=SYSTEM)
    ids = [silent.pk, refused.pk, changed_mind.pk]
    assert refused_profiling(ids) == {refused.pk}


def test_where_an_answer_came_from_is_told_in_words(client: Client, member: Member) -> None:
    said = {"member page": "Member page", "console": "Recorded by staff", "Till 7": "Till 7"}
    for source in said:
        services.give_consent(member.pk, purpose="research", source=source, actor=SYSTEM)
        services.withdraw_consent(member.pk, purpose="research", actor=SYSTEM)
    shown = page_for(client, "crm_manager", member)
    for words in said.values():
        assert f'<td class="d-none d-md-table-cell">{words}</td>' in shown
