"""Who may do what, and what is kept of an address."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallard.world.tasks.kinds import Message, TaskKind, register_kind
from mallard.world.tasks.rules import LATEST_DUE, Standing, is_due_acceptable, page_path, request_id
from mallard.world.tasks.wording import asked

standings = st.builds(Standing, *[st.booleans()] * 6)
# A busy machine draws slowly; that says nothing about the rules.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(standings)
def test_who_may_not_work_may_do_nothing(standing: Standing) -> None:
    names = ("take", "hand_on", "finish", "cancel", "change_due", "reopen")
    if not standing.may_work:
        assert not any(getattr(standing, f"may_{name}") for name in names)


@patient
@given(standings)
def test_what_somebody_has_is_taken_and_done_by_nobody_else(standing: Standing) -> None:
    if not standing.is_anybodys:
        assert not standing.may_take
        if not (standing.may_assign or standing.is_assignee):
            assert not standing.may_finish


@patient
@given(st.integers(-1_000_000, 1_000_000))
def test_a_task_is_due_between_its_opening_and_two_years(minutes: int) -> None:
    opened_at, after = dt.datetime(2026, 11, 2, tzinfo=dt.UTC), dt.timedelta(minutes=minutes)
    expected = dt.timedelta(0) <= after <= LATEST_DUE
    assert is_due_acceptable(opened_at + after, opened_at) is expected


@patient
@given(st.text(max_size=60))
def test_an_address_never_brings_its_query_along(text: str) -> None:
    kept = page_path(f"/members/?q={text}")
    assert "?" not in kept
    assert kept in ("/members/", "")
    assert "?" not in page_path(text)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/members/?q=13800138000#top", "/members/"),
        ("https://mall.example/sales/receipts?member=1", "/sales/receipts"),
        ("//evil.example/x", "/x"),
        ("members", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
    ],
)
def test_only_the_path_of_a_page_is_kept(address: str, path: str) -> None:
    assert page_path(address) == path


def test_a_request_id_is_an_id_or_nothing() -> None:
    assert request_id("0123456789abcdef") == "0123456789abcdef"
    assert request_id("<script>") == ""


class TestMessages:
    def test_each_reads_in_their_own_language(self) -> None:
        title = Message("%(store)s: %(net)s in %(month)s, %(share)s, %(count)s days, %(gone)s")
        register_kind(TaskKind("test_kind", "Test", "check", 1, "director", {"below": title}))
        params = {
            "store": {"en": "Sunny Bakery", "zh": "暖阳烘焙"},
            "net": {"money": 123_456, "currency": "CNY"},
            "month": {"month": "2026-11-01"},
            "share": {"bp": 8750},
            "count": 1200,
        }
        with translation.override("en"):
            assert asked("test_kind", "below", params)[0] == (
                "Sunny Bakery: CN¥1,234.56 in November 2026, 87.5%, 1,200 days, –"
            )
        with translation.override("zh-hans"):
            said = asked("test_kind", "below", params)[0]
        assert said == "暖阳烘焙: ¥1,234.56 in 2026年11月, 87.5%, 1,200 days, –"

    def test_a_message_that_is_gone_says_nothing(self) -> None:
        assert asked("test_kind", "long gone", {}) == ("", "")
        assert asked("no such kind", "below", {}) == ("", "")
