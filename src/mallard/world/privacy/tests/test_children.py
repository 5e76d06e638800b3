"""Members who are too young: found, guarded, and what a guardian allows for them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.clock import frozen
from mallard.kernel.ids import uuid7
from mallard.kernel.settings.permissions import CHANGE_SETTING
from mallard.kernel.settings.services import change_setting
from mallard.world.members.answers import in_full
from mallard.world.members.errors import (
    BirthDateMissing,
    GuardianConsentInvalid,
    GuardianConsentStands,
    GuardianConsentTooEarly,
    NotAChild,
    PaymentCardRefused,
)
from mallard.world.members.guarding import told_of
from mallard.world.members.models import Child, GuardianConsent, Member
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import has_consent, refused_profiling
from mallard.world.members.services import (
    change_member,
    erase_member,
    give_consent,
    merge_members,
    record_guardian_consent,
    unmerge_member,
    withdraw_guardian_consent,
)
from mallard.world.members.tests.factories import SYSTEM, a_member
from mallard.world.privacy.copying import make_copy
from mallard.world.quality.services import measure
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
OPERATOR = Actor(ActorKind.STAFF, uuid7(), "op", frozenset({CHANGE_SETTING}), WHOLE_GROUP)
NIGHT = system("data quality")
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
GIVEN = dt.date(2026, 2, 27)


@pytest.fixture(autouse=True)
def _today(frozen_clock: Any) -> None:
    frozen_clock.set(NOON)


def limit(years: int) -> None:
    change_setting("members.least_age", value=years, actor=OPERATOR)


@pytest.fixture
def child() -> Member:
    """Joined before the limit was set, allows everything, and was found in the night."""
    limit(0)
    member = a_member(profile={"birth_date": "2014-05-21"})
    for purpose in ("programme", "marketing", "profiling"):
        give_consent(member.pk, purpose=purpose, channel="sms", actor=SYSTEM)
    limit(14)
    measure(actor=NIGHT)
    return member


def consent(member_id: UUID, **changed: Any) -> UUID:
    said: dict[str, Any] = {"guardian": "王建国", "proof": "户口簿", "given_on": GIVEN}
    return record_guardian_consent(member_id, **(said | changed), actor=SYSTEM)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(a_staff_user(role), "django.contrib.auth.backends.ModelBackend")
    return client


class TestFinding:
    def test_the_night_finds_who_is_too_young_and_nobody_else(self, child: Member) -> None:
        a_member(profile={"birth_date": "2012-03-01"})
        a_member()
        measure(actor=NIGHT)
        assert list(Child.objects.values_list("pk", flat=True)) == [child.pk]
        assert Entry.objects.filter(action="members.children_found").count() == 1

    def test_a_raised_limit_finds_more_and_a_lowered_one_fewer(self) -> None:
        member = a_member(profile={"birth_date": "2010-05-21"})
        limit(16)
        measure(actor=NIGHT)
        assert Child.objects.filter(pk=member.pk).exists()
        limit(14)
        measure(actor=NIGHT)
        assert not Child.objects.exists()

    def test_a_corrected_date_of_birth_ends_it_the_next_night(self, child: Member) -> None:
        change_member(child.pk, profile={"birth_date": "1984-05-21"}, actor=SYSTEM)
        measure(actor=NIGHT)
        assert has_consent(child.pk, "marketing", "sms")

    def test_forgetting_the_date_of_birth_is_no_way_round(self, child: Member) -> None:
        change_member(child.pk, profile={"birth_date": ""}, actor=SYSTEM)
        measure(actor=NIGHT)
        assert not has_consent(child.pk, "marketing", "sms")


class TestWhatStops:
    def test_without_a_guardian_no_marketing_and_no_profiling(self, child: Member) -> None:
        assert not has_consent(child.pk, "marketing", "sms")
        assert not has_consent(child.pk, "profiling", "sms")
        assert refused_profiling([child.pk]) == {child.pk}
        assert has_consent(child.pk, "programme", "sms")

    def test_with_one_it_is_as_the_child_chose_until_it_is_withdrawn(self, child: Member) -> None:
        consent(child.pk)
        assert has_consent(child.pk, "marketing", "sms")
        assert not has_consent(child.pk, "marketing", "email")
        assert refused_profiling([child.pk]) == set()
        withdraw_guardian_consent(child.pk, actor=SYSTEM)
        assert not has_consent(child.pk, "marketing", "sms")
        assert refused_profiling([child.pk]) == {child.pk}

    def test_others_are_untouched(self, child: Member) -> None:
        other = a_member()
        give_consent(other.pk, purpose="marketing", channel="sms", actor=SYSTEM)
        assert has_consent(other.pk, "marketing", "sms")
        assert refused_profiling([other.pk, child.pk]) == {child.pk}

    def test_a_merge_takes_the_guard_along_and_undoing_it_gives_it_back(
        self, child: Member
    ) -> None:
        kept = a_member()
        give_consent(kept.pk, purpose="marketing", channel="sms", actor=SYSTEM)
        merge_members(kept.pk, merged_id=child.pk, actor=SYSTEM)
        measure(actor=NIGHT)
        assert not has_consent(kept.pk, "marketing", "sms")
        consent(kept.pk)
        assert has_consent(kept.pk, "marketing", "sms")
        unmerge_member(child.pk, actor=SYSTEM)
        assert has_consent(kept.pk, "marketing", "sms")
        assert not has_consent(child.pk, "marketing", "sms")

    def test_a_merge_into_a_grown_up_ends_it(self, child: Member) -> None:
        kept = a_member(profile={"birth_date": "1984-05-21"})
        give_consent(kept.pk, purpose="marketing", channel="sms", actor=SYSTEM)
        merge_members(kept.pk, merged_id=child.pk, actor=SYSTEM)
        assert not has_consent(kept.pk, "marketing", "sms")
        measure(actor=NIGHT)
        assert has_consent(kept.pk, "marketing", "sms")


class TestRecording:
    def test_it_holds_until_the_birthday_and_tells_nobody_without_the_key(
        self, child: Member
    ) -> None:
        row = GuardianConsent.objects.get(pk=consent(child.pk))
        told = told_of([row])[row.pk]
        assert (told.guardian, told.proof) == ("王建国", "户口簿")
        assert told.until == dt.date(2028, 5, 21)
        assert "王建国" not in repr(list(Entry.objects.values()))
        assert "王建国".encode() not in bytes(row.told_sealed or b"")

    def test_on_the_birthday_it_ends_and_the_guard_with_it(
        self, child: Member, frozen_clock: Any
    ) -> None:
        id_ = consent(child.pk)
        frozen_clock.set(dt.datetime(2028, 5, 20, 12, tzinfo=dt.UTC))
        measure(actor=NIGHT)
        assert GuardianConsent.objects.get(pk=id_).stands
        frozen_clock.set(dt.datetime(2028, 5, 21, 12, tzinfo=dt.UTC))
        measure(actor=NIGHT)
        assert GuardianConsent.objects.get(pk=id_).ending == "age"
        assert not Child.objects.exists()
        assert has_consent(child.pk, "marketing", "sms")

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"guardian": " "}, GuardianConsentInvalid),
            ({"proof": "x" * 201}, GuardianConsentInvalid),
            ({"proof": "4111 1111 1111 1111"}, PaymentCardRefused),
            ({"given_on": dt.date(2026, 3, 3)}, GuardianConsentTooEarly),
            ({"given_on": dt.date(2014, 5, 20)}, GuardianConsentTooEarly),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_changes_nothing(
        self, child: Member, changed: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            consent(child.pk, **changed)
        assert not GuardianConsent.objects.exists()
        assert not has_consent(child.pk, "marketing", "sms")

    def test_nobody_else_needs_one(self) -> None:
        with pytest.raises(NotAChild):
            consent(a_member(profile={"birth_date": "1984-05-21"}).pk)
        assert not GuardianConsent.objects.exists()

    def test_a_date_of_birth_that_was_taken_away_is_asked_for_again(self, child: Member) -> None:
        change_member(child.pk, profile={"birth_date": ""}, actor=SYSTEM)
        measure(actor=NIGHT)
        with pytest.raises(BirthDateMissing):
            consent(child.pk)
        change_member(child.pk, profile={"birth_date": "2014-05-21"}, actor=SYSTEM)
        consent(child.pk)
        assert has_consent(child.pk, "marketing", "sms")

    @pytest.mark.django_db(transaction=True)
    def test_of_two_desks_that_record_one_at_the_same_moment_one_wins(self, child: Member) -> None:
        barrier = Barrier(2)

        def record(guardian: str) -> str:
            try:
                connection.ensure_connection()
                barrier.wait(timeout=30)
                with frozen(NOON):
                    consent(child.pk, guardian=guardian)
            except GuardianConsentStands:
                return "stands"
            finally:
                connection.close()
            return "recorded"

        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(record, ["王建国", "李梅"]))
        assert outcomes == ["recorded", "stands"]
        assert GuardianConsent.objects.filter(ended_at=None).count() == 1

    def test_one_stands_at_a_time_and_history_is_kept(self, child: Member) -> None:
        consent(child.pk)
        with pytest.raises(GuardianConsentStands):
            consent(child.pk)
        withdraw_guardian_consent(child.pk, actor=SYSTEM)
        withdraw_guardian_consent(child.pk, actor=SYSTEM)
        consent(child.pk, guardian="李梅")
        assert [row.ending for row in GuardianConsent.objects.all()] == ["", "withdrawn"]
        assert Entry.objects.filter(action="members.guardian_consent_ended").count() == 1
        first = GuardianConsent.objects.last()
        assert first is not None
        with pytest.raises(IntegrityError), transaction.atomic():
            GuardianConsent.objects.filter(pk=first.pk).update(ended_at=None, ending="")

    def test_it_is_in_the_copy_and_gone_with_an_erasure(self, child: Member) -> None:
        id_ = consent(child.pk)
        copy = make_copy(child.pk, actor=Actor(ActorKind.MEMBER, child.pk, "m"))
        with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
            for name in ("data.json", "data.html"):
                assert "王建国" in archive.read(name).decode()
        erase_member(child.pk, actor=SYSTEM)
        assert GuardianConsent.objects.get(pk=id_).told_sealed is None
        assert not Child.objects.exists()


class TestPages:
    def test_the_desk_finds_the_child_records_and_withdraws(self, child: Member) -> None:
        client = signed_in("crm_manager")
        listed = client.get("/privacy/children")
        assert child.number in listed.text
        assert f"/members/{child.pk}" in listed.text
        form = {"guardian": "王建国", "proof": "户口簿", "given_on": "2026-02-27"}
        assert client.post(f"/privacy/guardian/{child.pk}", form).status_code == 302
        assert "王建国" in client.get(f"/members/{child.pk}/").text
        assert has_consent(child.pk, "marketing", "sms")
        again = client.post(f"/privacy/guardian/{child.pk}", form)
        assert again.status_code == 422
        assert "王建国" in again.text
        assert client.post(f"/privacy/guardian/{child.pk}/withdraw").status_code == 302
        assert not has_consent(child.pk, "marketing", "sms")

    def test_who_only_sees_requests_reads_no_name_and_changes_nothing(self, child: Member) -> None:
        consent(child.pk)
        client = signed_in("auditor")
        assert child.number in client.get("/privacy/children").text
        assert client.post(f"/privacy/guardian/{child.pk}/withdraw").status_code == 403
        assert has_consent(child.pk, "marketing", "sms")


class TestWhatIsShown:
    def test_what_a_child_allowed_is_not_shown_as_if_it_counted(self, child: Member) -> None:
        client = signed_in("crm_manager")
        page, history = (
            reverse(f"members:{name}", args=[child.pk]) for name in ("detail", "consents")
        )
        assert client.get(page).content.decode().count("Waits for a guardian") == 2
        assert "no guardian has consented" in client.get(history).content.decode()
        consent(child.pk)
        assert "Waits for a guardian" not in client.get(page).content.decode()
        assert "no guardian has consented" not in client.get(history).content.decode()

    def test_other_systems_are_told_that_a_guardian_is_missing(self, child: Member) -> None:
        actor = Actor(ActorKind.API, uuid7(), "till", frozenset({VIEW_MEMBER}), WHOLE_GROUP)
        assert in_full(child, actor).needs_guardian
        consent(child.pk)
        assert not in_full(child, actor).needs_guardian
