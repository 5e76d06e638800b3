"""The catalogue of figures: complete, in both languages, shown to everybody."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from mallard.kernel.figures import Figure, Unit, declare, declared_figures, figure
from mallard.review.reports.pages.catalogue import by_owner
from mallard.world.staff.roles import ROLES
from mallard.world.staff.tests.factories import a_staff_user

# What every role reads (the product's list of figures), by the code under which it exists today.
# Those of later features (campaigns, the service desk, stock) have no line yet.
PROMISED = {
    "净销售额": "sales.net_sales",
    "小票": "sales.receipts",
    "笔单价": "sales.per_receipt",
    "客单价": "sales.per_customer",
    "会员识别率": "sales.identification",
    "活跃率": "sales.active_rate",
    "复购率": "sales.repurchase",
    "新会员首购率": "sales.new_member_conversion",
    "新客数": "sales.new_to_store",
    "日坪效": "sales.density",
    "积分消耗率": "ledger.burn_ratio",
    "积分负债": "loyalty.points_liability",
    "费用率": "loyalty.cost_rate",
}


@pytest.mark.parametrize(("name", "code"), PROMISED.items())
def test_a_promised_figure_exists_under_its_chinese_name(name: str, code: str) -> None:
    with override("zh-hans"):
        assert str(figure(code).name) == name


@pytest.mark.parametrize("one", declared_figures(), ids=lambda one: one.code)
def test_a_figure_is_defined_in_both_languages_and_owned(one: Figure) -> None:
    assert one.owner in ROLES
    for text in (one.name, one.formula, one.window, one.unit.value, one.freshness.value):
        with override("en"):
            english = str(text)
        with override("zh-hans"):
            chinese = str(text)
        assert english, one.code
        assert any(letter > "\u2e80" for letter in chinese), (one.code, english)


def test_no_two_figures_share_a_name() -> None:
    for language in ("en", "zh-hans"):
        with override(language):
            names = [str(one.name) for one in declared_figures()]
        assert len(names) == len(set(names))


def test_a_code_is_declared_once() -> None:
    again = Figure("sales.net_sales", "Sales", "…", Unit.MONEY, "day", "director")
    with pytest.raises(ValueError, match="declared twice"):
        declare(again)
    assert str(figure("sales.net_sales").name) != "Sales"


def test_every_figure_stands_under_its_owner() -> None:
    shown = [one for group in by_owner(declared_figures()) for one in group.figures]
    assert sorted(shown, key=lambda one: one.code) == declared_figures()


@pytest.mark.django_db
def test_the_cashier_may_read_what_a_figure_means(client: Client) -> None:
    client.force_login(a_staff_user("cashier"))
    page = client.get("/reports/figures", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "净销售额" in page
    assert "loyalty.points_liability" in page
