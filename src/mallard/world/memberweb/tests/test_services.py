"""The doors of the member page: who comes in, how often, and what is never told."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import orjson
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel import clock
from mallard.kernel.audit.models import Entry
from mallard.kernel.http import limits
from mallard.kernel.mail.models import Mail
from mallard.kernel.mail.sending import sealing_context
from mallard.kernel.secrets.services import open_keys
from mallard.world.members import services as members
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Identity, Member
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.memberweb import channels, services
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.errors import (
    CodeGone,
    CodeWrong,
    LinkGone,
    LinkImpossible,
    NothingTyped,
    SessionNotFound,
)
from mallard.world.memberweb.models import (
    MAX_FAILURES,
    MemberSession,
    SignInCode,
    SignInLink,
    WayIn,
)
from mallard.world.memberweb.permissions import MAKE_LINK
from mallard.world.memberweb.queries import live_sessions, presence_of
from mallard.world.memberweb.tests.factories import a_member_with_mail

pytestmark = pytest.mark.django_db

MAIL = "ming@example.com"


def sent_code(member: Member) -> str:
    """The code in the mail that was queued last, opened as the worker opens it."""
    mail = Mail.objects.filter(kind="memberweb.code").latest("queued_at", "id")
    assert mail.personal_of == member.id
    key = open_keys([member.id])[member.id]
    content = orjson.loads(key.open(bytes(mail.content or b""), sealing_context(mail.pk)))
    [digits] = re.findall(r"\b[0-9]{6}\b", content["text"])
    return str(digits)


def fill_up_buckets() -> None:
    """As if nobody had asked for a long time."""
    limits.forget_leases()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM http_rate_bucket")


def asked(typed: str) -> tuple[str, SignInCode]:
    """Ask for a code, and let the job run that sends it."""
    token = services.request_code(typed=typed)
    row = SignInCode.objects.latest("requested_at", "id")
    services.send_code(row.id)
    row.refresh_from_db()
    return token, row


@pytest.mark.parametrize("typed", [MAIL, " MING@Example.com ", "13812345678", "+86 138 1234 5678"])
def test_whoever_knows_a_members_identity_and_has_the_mail_comes_in(typed: str) -> None:
    member = a_member_with_mail(MAIL, phone="13812345678")
    token, row = asked(typed)
    assert (row.member_id, row.channel) == (member.id, "email")
    session = services.enter_code(token=token, typed=sent_code(member))
    presence = presence_of(session.token)
    assert presence is not None
    assert presence.member == member
    assert Entry.objects.filter(action="memberweb.signed_in", subject_id=member.id).count() == 1


def test_a_mailed_code_verifies_the_address_to_which_it_went() -> None:
    member = a_member_with_mail(MAIL)
    identity = Identity.objects.get(member=member, kind="email")
    assert identity.verified_at is None
    token, _row = asked(MAIL)
    with pytest.raises(CodeWrong):
        services.enter_code(token=token, typed="000000x")
    identity.refresh_from_db()
    assert identity.verified_at is None
    services.enter_code(token=token, typed=sent_code(member))
    identity.refresh_from_db()
    assert identity.verified_at is not None


def test_codes_go_to_the_verified_address_and_not_to_one_that_was_added_since() -> None:
    member = a_member_with_mail(MAIL)
    token, _row = asked(MAIL)
    services.enter_code(token=token, typed=sent_code(member))
    verified = Identity.objects.get(member=member, kind="email")
    members.add_identity(member.id, IdentityInput("email", "new@example.com"), actor=SYSTEM)
    assert channels.address_for_codes(member) == verified


def test_an_address_that_came_after_the_code_was_sent_is_not_verified_by_it() -> None:
    member = a_member_with_mail(MAIL)
    token, _row = asked(MAIL)
    digits = sent_code(member)
    members.add_identity(member.id, IdentityInput("email", "new@example.com"), actor=SYSTEM)
    services.enter_code(token=token, typed=digits)
    verified = Identity.objects.exclude(verified_at=None).get(member=member)
    assert verified.created_at < Identity.objects.latest("created_at").created_at


def test_who_is_known_or_not_gets_the_same_answer_by_the_same_steps() -> None:
    a_member_with_mail(MAIL)
    rows = []
    for typed in (MAIL, "nobody@example.com", "no such thing"):
        token = services.request_code(typed=typed)
        assert len(token) == 43
        rows.append(SignInCode.objects.latest("requested_at", "id"))
    assert [row.member_id is None for row in rows] == [False, True, True]
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="memberweb.jobs.send_code")
    assert sorted(job.args["code_id"] for job in jobs) == sorted(str(row.id) for row in rows)
    assert all(set(job.args) == {"code_id"} for job in jobs)
    services.send_code(rows[1].id)
    assert Mail.objects.count() == 0


def test_wrong_codes_are_counted_alike_for_everybody_and_close_the_door() -> None:
    member = a_member_with_mail(MAIL)
    for typed in (MAIL, "nobody@example.com"):
        token, _row = asked(typed)
        for left in range(MAX_FAILURES - 1, 0, -1):
            with pytest.raises(CodeWrong) as refused:
                services.enter_code(token=token, typed="000000x")
            assert str(left) in refused.value.sentence
        with pytest.raises(CodeGone):
            services.enter_code(token=token, typed="not it")
    with pytest.raises(CodeGone):
        services.enter_code(token=token, typed=sent_code(member))
    assert MemberSession.objects.count() == 0


def test_a_code_opens_once_in_its_own_browser_within_ten_minutes(frozen_clock: Any) -> None:
    member = a_member_with_mail(MAIL)
    token, _row = asked(MAIL)
    digits = sent_code(member)
    other, _row = asked("nobody@example.com")
    with pytest.raises(CodeWrong):
        services.enter_code(token=other, typed=digits)
    with pytest.raises(CodeGone):
        services.enter_code(token="invented", typed=digits)
    services.enter_code(token=token, typed=digits)
    with pytest.raises(CodeGone):
        services.enter_code(token=token, typed=digits)
    late, _row = asked(MAIL)
    frozen_clock.advance(minutes=11)
    with pytest.raises(CodeGone):
        services.enter_code(token=late, typed=sent_code(member))


def test_a_job_that_runs_twice_sends_once_and_late_or_often_never(frozen_clock: Any) -> None:
    a_member_with_mail(MAIL)
    _token, row = asked(MAIL)
    assert services.send_code(row.id) is False
    assert Mail.objects.count() == 1
    for _again in range(6):
        fill_up_buckets()
        asked(MAIL)
    assert Mail.objects.count() == 5
    frozen_clock.advance(hours=2)
    fill_up_buckets()
    services.request_code(typed=MAIL)
    late = SignInCode.objects.latest("requested_at", "id")
    frozen_clock.advance(minutes=11)
    assert services.send_code(late.id) is False


def test_asking_is_limited_for_known_and_unknown_alike() -> None:
    a_member_with_mail(MAIL)
    for typed in (MAIL, "nobody@example.com"):
        for _time in range(5):
            services.request_code(typed=typed, address="192.0.2.7")
        with pytest.raises(limits.TooManyRequests):
            services.request_code(typed=typed, address="192.0.2.7")
    with pytest.raises(NothingTyped):
        services.request_code(typed="  ")


def test_rows_hold_neither_code_nor_token_nor_address() -> None:
    member = a_member_with_mail(MAIL)
    token, _row = asked(MAIL)
    digits = sent_code(member)
    session = services.enter_code(token=token, typed=digits)
    texts = [
        repr(list(model.objects.values())) for model in (SignInCode, MemberSession, SignInLink)
    ]
    assert all(
        secret not in text for text in texts for secret in (token, digits, session.token, MAIL)
    )


def test_the_channel_that_is_asked_first_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    class Sms:
        code = "sms"

        def send(self, member: Member, digits: str, *, minutes: int, actor: Any) -> bool:
            sent.append((member, digits, minutes))
            return True

    monkeypatch.setattr(channels, "_channels", dict(channels._channels))
    channels.register_channel(Sms(), order=10)
    member = a_member(phone="13812345678")
    token, row = asked("13812345678")
    assert (row.channel, Mail.objects.count()) == ("sms", 0)
    [(to, digits, minutes)] = sent
    assert (to, minutes) == (member, 10)
    assert services.enter_code(token=token, typed=digits).member == member


def test_who_has_no_address_gets_no_code_and_is_told_the_same() -> None:
    a_member(phone="13812345678")
    _token, row = asked("13812345678")
    assert (row.sent_at, row.code_hash) == (None, None)


def test_closed_and_erased_memberships_have_no_way_in_and_no_session() -> None:
    for end in (members.close_member, members.erase_member):
        member = a_member_with_mail(MAIL)
        session = services.begin_session(member, way_in=WayIn.CODE)
        end(member.id, actor=SYSTEM)
        assert presence_of(session.token) is None
        fill_up_buckets()
        _token, row = asked(member.number)
        assert row.member_id is None
        services.end_all([member.id])
        assert live_sessions(member.id).count() == 0


def test_a_merged_record_opens_the_one_it_was_merged_into() -> None:
    survivor, merged = a_member_with_mail(MAIL), a_member_with_mail("old@example.com")
    session = services.begin_session(merged, way_in=WayIn.CODE)
    members.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    presence = presence_of(session.token)
    assert presence is not None
    assert presence.member == survivor
    _token, row = asked("old@example.com")
    assert row.member_id == survivor.id


# --- links


def test_a_link_opens_once_and_is_audited() -> None:
    member = a_member()
    actor = an_actor(MAKE_LINK)
    made = services.make_link(member.id, actor=actor)
    token = made.url.rpartition("/")[2]
    assert Entry.objects.get(action="memberweb.link_made").actor_id == actor.id
    assert services.open_link(token=token).member == member
    with pytest.raises(LinkGone):
        services.open_link(token=token)


def test_a_link_ends_after_minutes_and_with_the_next_one(frozen_clock: Any) -> None:
    member = a_member()
    first = services.make_link(member.id, actor=an_actor(MAKE_LINK))
    second = services.make_link(member.id, actor=an_actor(MAKE_LINK))
    with pytest.raises(LinkGone):
        services.open_link(token=first.url.rpartition("/")[2])
    frozen_clock.advance(minutes=16)
    with pytest.raises(LinkGone):
        services.open_link(token=second.url.rpartition("/")[2])
    assert MemberSession.objects.count() == 0


def test_links_are_for_open_memberships_and_for_who_may_make_them() -> None:
    from mallard.kernel.access.actor import MissingPermission

    member = a_member()
    with pytest.raises(MissingPermission):
        services.make_link(member.id, actor=an_actor())
    made = services.make_link(member.id, actor=an_actor(MAKE_LINK))
    members.close_member(member.id, actor=SYSTEM)
    with pytest.raises(LinkImpossible):
        services.make_link(member.id, actor=an_actor(MAKE_LINK))
    with pytest.raises(LinkGone):
        services.open_link(token=made.url.rpartition("/")[2])
    assert SignInLink.objects.count() == 1


# --- sessions


def test_a_member_ends_their_own_sessions_only(frozen_clock: Any) -> None:
    mine, other = a_member(), a_member()
    here, there = (services.begin_session(mine, way_in=WayIn.CODE) for _ in range(2))
    strange = services.begin_session(other, way_in=WayIn.CODE)
    ids = {one.token: presence_of(one.token).session.pk for one in (here, there, strange)}  # type: ignore[union-attr]
    actor = member_actor(mine.id)
    with pytest.raises(SessionNotFound):
        services.end_session(ids[strange.token], actor=actor)
    assert services.end_other_sessions(but=ids[here.token], actor=actor) == 1
    assert presence_of(there.token) is None
    assert presence_of(here.token) is not None
    assert presence_of(strange.token) is not None
    frozen_clock.advance(days=31)
    assert presence_of(here.token) is None


def test_a_session_is_seen_once_in_five_minutes(frozen_clock: Any) -> None:
    session = services.begin_session(a_member(), way_in=WayIn.CODE)
    row = MemberSession.objects.get()
    began = row.last_seen_at
    frozen_clock.advance(minutes=3)
    services.note_sighting(row)
    assert MemberSession.objects.get().last_seen_at == began
    frozen_clock.advance(minutes=3)
    services.note_sighting(row)
    assert (
        MemberSession.objects.get().last_seen_at == clock.now() == began + dt.timedelta(minutes=6)
    )
    assert presence_of(session.token) is not None
