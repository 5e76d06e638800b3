from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from mallard.kernel.ui.filters import DateRangeFilter, SearchFilter
from mallard.kernel.ui.gallery.pages import ROWS
from mallard.kernel.ui.lists import COUNT_LIMIT, Column, Listing, ListPage

pytestmark = [pytest.mark.django_db, pytest.mark.urls("mallard.kernel.ui.tests.urlconf")]


@pytest.fixture(autouse=True)
def forty_rows() -> None:
    Permission.objects.all().delete()
    kind = ContentType.objects.get_for_model(Permission)
    Permission.objects.bulk_create(
        Permission(codename=f"row_{n:02}", name=f"Row <{n:02}>", content_type=kind)
        for n in range(40)
    )


def listing(query: str = "") -> Listing:
    request = RequestFactory().get(f"/ui/gallery/list{query}")
    return ROWS.bind(request, Permission.objects.select_related("content_type"))


def codes(found: Listing) -> list[str]:
    return [str(row.cells[0]) for row in found.rows]


def test_first_page_is_sorted_by_default_and_counts_all() -> None:
    found = listing()
    assert codes(found) == [f"row_{n:02}" for n in range(25)]
    assert (found.first, found.last, found.count) == (1, 25, 40)
    assert "previous" not in found.urls
    assert found.urls["next"].endswith("page=2")


def test_second_page_holds_the_rest() -> None:
    found = listing("?page=2")
    assert codes(found) == [f"row_{n:02}" for n in range(25, 40)]
    assert "next" not in found.urls


def test_sort_turns_round_and_keeps_other_parameters() -> None:
    found = listing("?q=row&sort=-code")
    assert codes(found)[0] == "row_39"
    header = found.headers[0]
    assert header.direction == "descending"
    assert header.url == "/ui/gallery/list?q=row&sort=code"


def test_search_narrows_and_offers_a_way_back() -> None:
    found = listing("?q=%20row_07%20")
    assert codes(found) == ["row_07"]
    assert [(chip.text, chip.url) for chip in found.chips] == [("row_07", "/ui/gallery/list")]


@pytest.mark.parametrize(
    "query",
    [
        "?sort=content_type__permission__name",
        "?sort=app",
        "?page=0",
        "?page=99",
        "?page=-1",
        "?page=٣",
        "?page=99999999999999999999",
        "?size=many",
        "?app=nowhere",
        "?add=perhaps",
        "?q=a%00b",
        f"?q={'x' * 101}",
    ],
)
def test_a_bad_parameter_is_named_and_the_list_still_shown(query: str) -> None:
    found = listing(query)
    assert found.problems
    assert len(found.rows) == 25


def test_an_unoffered_size_falls_back() -> None:
    assert listing("?size=7").size == 25
    assert listing("?size=50").size == 50


def test_columns_are_chosen_from_those_that_exist() -> None:
    found = listing("?col=app&col=password")
    assert [header.column.key for header in found.headers] == ["code", "app"]


def test_cells_are_escaped() -> None:
    assert "&lt;00&gt;" in listing("?q=row_00").rows[0].cells[1]


def test_queries_do_not_grow_with_the_rows(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/ui/gallery/list?size=100").status_code == 200
        return len(captured)

    many = queries()
    Permission.objects.filter(codename__gt="row_03").delete()
    assert queries() == many
    assert many <= 5


def test_htmx_gets_the_results_only_and_caches_keep_them_apart(client: Client) -> None:
    whole = client.get("/ui/gallery/list")
    part = client.get(
        "/ui/gallery/list", headers={"HX-Request": "true", "HX-Target": "list-gallery"}
    )
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert b"row_00" in part.content
    assert "HX-Target" in part["Vary"]


def test_an_empty_list_says_why(client: Client) -> None:
    assert "Nothing matches" in client.get("/ui/gallery/list?q=nothing").content.decode()
    Permission.objects.all().delete()
    body = client.get("/ui/gallery/list").content.decode()
    assert "Rows appear when there are some." in body
    assert "Nothing matches" not in body


def test_a_long_list_is_counted_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mallard.kernel.ui.lists.reading.COUNT_LIMIT", 30)
    found = listing()
    assert (found.count, found.is_count_capped) == (30, True)
    assert COUNT_LIMIT >= 10_000


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?day_from=2026-02-30", "date"),
        ("?day_from=0001-01-01", "date"),
        ("?day_to=9999-12-31", "date"),
        ("?day_from=2026-03-02&day_to=2026-03-01", "before"),
    ],
)
def test_impossible_dates_are_refused(query: str, problem: str) -> None:
    page = listing_by_day()
    found = page.bind(RequestFactory().get(f"/{query}"), Permission.objects.annotate(day=F("pk")))
    assert problem in found.problems[0]


def listing_by_day(**extra: Any) -> ListPage:
    column = Column("code", "Code", "codename", sort="codename")
    by_day = DateRangeFilter("day", "Day", column="day", is_moment=False)
    return ListPage("days", "Days", (column,), "code", filters=(by_day,), **extra)


def test_a_list_refuses_a_default_sort_that_is_no_column() -> None:
    column = Column("code", "Code", "codename")
    with pytest.raises(ValueError, match="not sortable"):
        ListPage("x", "X", (column,), "code")


def test_search_collapses_white_space() -> None:
    seen: list[str] = []
    one = SearchFilter(search=lambda rows, text: seen.append(text) or rows)  # type: ignore[func-returns-value]
    page = ListPage("x", "X", (Column("c", "C", "codename", sort="codename"),), "c", filters=(one,))
    page.bind(RequestFactory().get("/?q=%20Lin%20%20Xiaoyu"), Permission.objects.all())
    assert seen == ["Lin Xiaoyu"]
