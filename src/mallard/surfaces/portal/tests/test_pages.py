"""The member's pages: what they say, in plain words, of the member's own rows."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.surfaces.portal.tests.factories import (
    OTHER_PHONE,
    PHONE,
    Shopper,
    a_shopper,
    enrolled,
    returned,
    spent,
)
from mallard.value.checkout.services import record_receipts
from mallard.value.checkout.tests.factories import TILL, a_receipt, a_trading_world
from mallard.value.loyalty.models import Grant
from mallard.value.loyalty.rules import Kind, Terms, TierLevel
from mallard.value.loyalty.rules.schemes import Scheme, Window
from mallard.value.loyalty.services import (
    BenefitInput,
    EarningRuleInput,
    add_benefit,
    set_earning_rule,
    set_tier_scheme,
)
from mallard.value.sales.models import Source
from mallard.world.members import services as members
from mallard.world.members.models import Consent, Member
from mallard.world.members.queries import current_consents, has_consent
from mallard.world.memberweb import panels
from mallard.world.memberweb.models import WayIn
from mallard.world.memberweb.panels import PortalPanel, register_panel, withdraw_panel
from mallard.world.memberweb.services import begin_session
from mallard.world.memberweb.tests.factories import signed_in
from mallard.world.privacy.models import PrivacyRequest
from mallard.world.privacy.services import answer as answer_request
from mallard.world.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper() -> Shopper:
    return a_shopper()


@pytest.fixture
def phone(shopper: Shopper) -> Client:
    browser = signed_in(shopper.member)
    browser.cookies["django_language"] = "en"
    return browser


def text_of(answer: Any) -> str:
    """What a person reads, on one line."""
    assert answer.status_code == 200, answer
    body = answer.content.decode()
    main = body[body.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace(" ,", ",")


def test_home_shows_card_points_tier_and_what_was_bought_last(phone: Client) -> None:
    text = text_of(phone.get("/m/"))
    assert "王小明" in text
    assert f"6{PHONE}" in text
    assert "1,390" in text
    assert "400 points expire within 30 days" in text
    assert "To reach Silver, spend CN¥1,000.00 more" not in text
    assert "Sunny Bakery Lakeside" in text


def test_checking_in_is_offered_once_a_day(phone: Client, shopper: Shopper) -> None:
    assert "Check in" not in text_of(phone.get("/m/"))
    set_earning_rule(
        EarningRuleInput(
            "check-in", "Check in", "每日签到", 5, 1, 0, now() - dt.timedelta(hours=1),
            terms=Terms(kind=Kind.CHECK_IN),
        ),
        actor=system("tests"),
    )  # fmt: skip
    assert "Check in today for 5 points" in text_of(phone.get("/m/"))
    for _again in range(2):
        assert phone.post("/m/check-in").url == "/m/"
    text = text_of(phone.get("/m/"))
    assert "You checked in today: 5 points . See you tomorrow." in text
    assert "Checked in" in text_of(phone.get("/m/points"))
    assert Grant.objects.filter(member=shopper.member).count() == 1
    assert phone.get("/m/check-in").status_code == 405


def test_what_the_tier_entitles_to_is_told(phone: Client, shopper: Shopper) -> None:
    for tier, name in (("silver", "Free parking"), ("member", "A newsletter")):
        add_benefit(BenefitInput("other", name, name, tier_code=tier), actor=system("tests"))
    text = text_of(phone.get("/m/"))
    assert "You are entitled to Free parking" in text
    assert "A newsletter" not in text


def test_the_gap_to_the_next_tier_is_told_in_one_sentence(shopper: Shopper) -> None:
    text = text_of(signed_in(shopper.other).get("/m/"))
    assert "To reach Silver, spend CN¥300.00 more and come 1 more time within 12 months." in text
    chinese = signed_in(shopper.other)
    chinese.cookies["django_language"] = "zh-hans"
    assert "12个月内再消费¥300.00、再到访1次，即可升级为银卡。" in text_of(chinese.get("/m/"))


def test_a_calendar_year_tells_until_when_and_of_qualifying_value() -> None:
    world = a_trading_world()
    levels = (TierLevel("member", 1, 0, 0, 0), TierLevel("silver", 2, 0, 0, 0, value=100))
    scheme = Scheme(dt.date(2024, 1, 1), levels, Window.CALENDAR, value_per_visit=10)
    set_tier_scheme(scheme, actor=TILL)
    member = enrolled(world, PHONE, "王小明")
    text = text_of(signed_in(member).get("/m/"))
    year = now().year
    assert f"To reach Silver, gain 100 more qualifying value by 31 Dec {year}." in text
    assert "Qualifying value: 0 of 100" in text
    assert "Visits" not in text


def test_the_card_page_holds_the_number_and_nothing_else_of_the_member(phone: Client) -> None:
    page = phone.get("/m/card")
    body = page.content.decode()
    assert f"6{PHONE}" in body.replace(" ", "")
    assert 'class="qr"' in body
    assert 'class="bars"' in body
    for personal in ("王小明", "1,390", "example.com", "Silver"):
        assert personal not in body


def test_without_a_card_the_member_number_is_scanned() -> None:
    from mallard.world.members.tests.factories import a_member

    member = a_member()
    assert member.number in signed_in(member).get("/m/card").content.decode().replace(" ", "")


def test_the_statement_tells_every_kind_of_movement_in_plain_words(
    shopper: Shopper, phone: Client
) -> None:
    spent(shopper, 1_350)
    returned(shopper)
    text = text_of(phone.get("/m/points"))
    assert "Points earned Sunny Bakery Lakeside" in text
    assert "Points spent" in text
    assert "Taken back after a return" in text
    assert "Still to be taken back, from your next points" in text
    assert "are still to be taken back, because goods were returned" in text
    again = a_receipt(shopper.world.bakery, "R-3", 200_000, phone=PHONE, at=now())
    record_receipts([again], actor=TILL, source=Source.API)
    assert "Used for points that were still to be taken back" in text_of(phone.get("/m/points"))


def test_the_statement_goes_on_page_by_page_without_losing_a_line(
    shopper: Shopper, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mallard.surfaces.portal import statement

    monkeypatch.setattr(statement, "TRANSFERS_ON_A_PAGE", 2)
    sold = [
        a_receipt(
            shopper.world.bakery, f"S-{n}", 1_000 * n, phone=PHONE, at=now() - dt.timedelta(days=n)
        )
        for n in range(1, 6)
    ]
    record_receipts(sold, actor=TILL, source=Source.API)
    path, links, pages = "/m/points", [], 0
    while path and pages < 20:
        body = phone.get(path).content.decode()
        links += re.findall(r'href="(/m/receipts/[0-9a-f-]+)"', body)
        older = re.search(r'href="(\?before=[^"]+)"', body)
        path, pages = ("/m/points" + older[1] if older else ""), pages + 1
    assert pages > 2
    assert len(links) == len(set(links)) == 7
    assert phone.get("/m/points?before=nonsense").status_code == 200


def test_expiring_points_are_told_by_day(phone: Client) -> None:
    text = text_of(phone.get("/m/points/expiring"))
    assert "400 points" in text
    assert "990 points" in text
    assert text.index("400 points") < text.index("990 points")


def test_a_receipt_explains_its_points_and_what_came_back(shopper: Shopper, phone: Client) -> None:
    path = f"/m/receipts/{shopper.receipts['R-2']}"
    text = text_of(phone.get(path))
    assert "+990" in text
    assert "1 point for every CN¥1.00, on CN¥990.00" in text
    assert "By law, never earns points" in text
    returned(shopper)
    text = text_of(phone.get(path))
    assert "Everything was returned" in text
    assert "What came back" in text
    assert "Reckoned again" in text


def test_another_members_receipt_is_not_there(shopper: Shopper, phone: Client) -> None:
    assert phone.get(f"/m/receipts/{shopper.receipts['R-9']}").status_code == 404
    listed = text_of(phone.get("/m/receipts"))
    assert "Good Pharmacy" not in listed


def test_after_a_merge_the_survivor_reads_both_records(shopper: Shopper, phone: Client) -> None:
    members.merge_members(shopper.member.id, merged_id=shopper.other.id, actor=TILL)
    assert "2,090" in text_of(phone.get("/m/"))
    assert "Good Pharmacy" in text_of(phone.get("/m/receipts"))
    assert phone.get(f"/m/receipts/{shopper.receipts['R-9']}").status_code == 200
    merged = signed_in(shopper.other)
    assert f"6{PHONE}" in text_of(merged.get("/m/"))


def test_pages_take_a_fixed_number_of_statements(shopper: Shopper, phone: Client) -> None:
    pages = ("/m/", "/m/card", "/m/points", "/m/points/expiring", "/m/receipts", "/m/me")

    def statements() -> dict[str, int]:
        counted = {}
        for path in pages:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert phone.get(path).status_code == 200
            counted[path] = len(asked)
        return counted

    statements()
    before = statements()
    more = [
        a_receipt(
            shopper.world.pharmacy, f"M-{n}", 10_000, phone=PHONE, at=now() - dt.timedelta(days=n)
        )
        for n in range(1, 9)
    ]
    record_receipts(more, actor=TILL, source=Source.API)
    assert statements() == before
    assert max(before.values()) <= 30, before


def test_me_shows_what_is_known_masked_and_with_its_origin(phone: Client) -> None:
    text = text_of(phone.get("/m/me"))
    assert "138****5678" in text
    assert PHONE not in text
    assert "Teacher" in text
    assert "Generated" in text
    assert "1990-05-21" in text


# --- consents


def test_consents_are_given_and_withdrawn_by_the_same_kind_of_button(
    shopper: Shopper, phone: Client
) -> None:
    page = phone.get("/m/me/consents").content.decode()
    for purpose in ("programme", "marketing", "profiling", "share_with_tenant", "research"):
        form = page[page.index(f'id="{purpose}"') :].split("</form>")[0]
        assert len(re.findall(r'<button name="answer" value="(?:yes|no)"', form)) == 2
    answer = {"purpose": "profiling", "channel": "any", "answer": "yes"}
    assert phone.post("/m/me/consents", answer)["Location"] == "/m/me/consents"
    assert has_consent(shopper.member.id, "profiling", "any")
    row = Consent.objects.filter(member=shopper.member, purpose="profiling").latest("id")
    assert (row.source, row.origin) == ("member page", "source")
    phone.post("/m/me/consents", answer | {"answer": "no"})
    assert not has_consent(shopper.member.id, "profiling", "any")
    assert "on this page" in text_of(phone.get("/m/me/consents"))


def test_withdrawing_any_channel_withdraws_single_ones_and_allowing_it_overrides_no_refusal(
    shopper: Shopper, phone: Client
) -> None:
    def say(channel: str, answer: str) -> None:
        phone.post("/m/me/consents", {"purpose": "marketing", "channel": channel, "answer": answer})

    say("sms", "yes")
    say("any", "no")
    assert not has_consent(shopper.member.id, "marketing", "sms")
    say("phone", "no")
    say("any", "yes")
    assert has_consent(shopper.member.id, "marketing", "email")
    assert not has_consent(shopper.member.id, "marketing", "phone")


@pytest.mark.parametrize(
    "answer",
    [
        {"purpose": "marketing", "channel": "any", "answer": "maybe"},
        {"purpose": "marketing", "channel": "pigeon", "answer": "yes"},
        {"purpose": "world domination", "channel": "any", "answer": "yes"},
        {},
    ],
)
def test_what_is_no_answer_changes_nothing(
    shopper: Shopper, phone: Client, answer: dict[str, str]
) -> None:
    before = current_consents([shopper.member.id])
    assert phone.post("/m/me/consents", answer).status_code == 422
    assert current_consents([shopper.member.id]) == before


# --- privacy requests


def test_a_privacy_request_is_a_task_for_the_desk_with_a_deadline(
    shopper: Shopper, phone: Client
) -> None:
    words = "My birthday is 22 May"
    asked = phone.post("/m/me/requests", {"right": "correction", "detail": words})
    assert asked["Location"] == "/m/me/requests"
    task = Task.objects.get(kind="privacy_request")
    assert (task.member_id, task.role, task.mall_id) == (
        shopper.member.id,
        "service_agent",
        shopper.world.bakery.mall_id,
    )
    asked_row = PrivacyRequest.objects.get()
    assert (asked_row.task_id, asked_row.due_at) == (task.id, task.due_at)
    assert dt.timedelta(days=19) <= task.due_at - task.opened_at <= dt.timedelta(days=23)
    assert words not in repr(Task.objects.values())
    assert "Correct my data" in text_of(phone.get("/m/me/requests"))
    phone.post("/m/me/requests", {"right": "correction", "detail": "once more"})
    assert Task.objects.count() == 1
    answer_request(asked_row.pk, outcome="It is 22 May now.", actor=system("desk"))
    task.refresh_from_db()
    assert task.status == "done"
    text = text_of(phone.get("/m/me/requests"))
    assert "Done" in text
    assert "It is 22 May now." in text
    other = signed_in(shopper.other)
    assert "Asked" not in text_of(other.get("/m/me/requests"))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"right": "correction"}, "Say in a few words what it is about."),
        ({"right": "everything"}, "everything"),
        ({}, "required"),
        ({"right": "correction", "detail": "4111 1111 1111 1111"}, "bank card"),
    ],
)
def test_a_request_that_is_incomplete_is_told_so_and_kept(
    phone: Client, asked: dict[str, str], sentence: str
) -> None:
    answer = phone.post("/m/me/requests", asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert asked.get("detail", "") in answer.content.decode()
    assert Task.objects.count() == 0


# --- sessions, and what other apps bring


def test_a_member_sees_where_they_are_signed_in_and_ends_it(
    shopper: Shopper, phone: Client
) -> None:
    begin_session(Member.objects.get(pk=shopper.member.id), way_in=WayIn.LINK, device="Old phone")
    page = phone.get("/m/me/sessions").content.decode()
    assert "Old phone" in page
    [path] = re.findall(r'action="(/m/me/sessions/[0-9a-f-]{36}/end)"', page)
    phone.post(path)
    assert "Old phone" not in phone.get("/m/me/sessions").content.decode()
    assert phone.post(path).status_code == 404
    begin_session(shopper.member, way_in=WayIn.LINK, device="Lost phone")
    phone.post("/m/me/sessions/end-others")
    assert "Lost phone" not in phone.get("/m/me/sessions").content.decode()
    assert phone.get("/m/").status_code == 200


def test_other_apps_bring_parts_and_ways_of_their_own(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_entries", dict(panels._entries))
    panels.register_entry(panels.PortalEntry("gifts", "Gifts", "portal:receipts", "gift", order=30))
    seen = []

    def load(own: panels.OwnPage) -> dict[str, Any]:
        seen.append(own.member.number)
        return {"rows": []}

    register_panel(PortalPanel("test", "portal/parts/receipts.html", load, place="card"))
    try:
        assert "Nothing yet" in text_of(phone.get("/m/card"))
        assert "Gifts" in phone.get("/m/").content.decode()
        assert len(seen) == 1
    finally:
        withdraw_panel("test")


def test_nothing_personal_is_in_addresses_or_logs(
    shopper: Shopper, phone: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/m/", "/m/me", "/m/points", "/m/receipts"):
        for link in re.findall(r'(?:href|action)="([^"]+)"', phone.get(path).content.decode()):
            assert PHONE not in link
            assert shopper.member.number not in link
    Client().post("/m/sign-in", {"who": PHONE})
    assert PHONE not in caplog.text
    assert OTHER_PHONE not in caplog.text
