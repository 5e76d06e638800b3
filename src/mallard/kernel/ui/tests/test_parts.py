from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import override

from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Invalid
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.errors import render_error
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.parts import Badge, TimelineEntry
from mallard.kernel.ui.templatetags import ui

MOMENT = dt.datetime(2026, 11, 21, 18, 5, tzinfo=dt.UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["CN¥1,980.05", "¥500", "22 Nov 2026, 02:05", "12,345", "46.7%"]),
        ("zh-hans", ["¥1,980.05", "JP¥500", "2026年11月22日 02:05", "12,345", "46.7%"]),
    ],
)
def test_figures_are_written_for_the_reader(language: str, expected: list[str]) -> None:
    with translation.override(language):
        written = [
            formats.money(Money(198_005, "CNY")),
            formats.money(Money(500, "JPY")),
            formats.moment(MOMENT, SHANGHAI),
            formats.number(12_345),
            formats.percent(467, 1000),
        ]
    assert written == expected


def test_nothing_divided_by_nothing_is_a_dash() -> None:
    assert formats.percent(0, 0) == "–"


def test_zero_is_a_figure_and_none_is_unknown() -> None:
    assert "0" in ui.number(0)
    assert ui.number(None) == "–"
    assert ui.points(None) == "–"
    assert ui.money(None) == "–"
    assert ui.known(0) == 0
    assert "not known" in ui.known("")


def test_a_badge_draws_itself_and_escapes() -> None:
    drawn = ui.known(Badge("<b>", "danger"))
    assert 'data-tone="danger"' in drawn
    assert "&lt;b&gt;" in drawn


def test_initials_stand_for_a_person_in_both_scripts() -> None:
    assert [ui.initials(name) for name in ("林晓雨", "Lin Xiaoyu", "Cher", "")] == [
        "林",
        "LX",
        "C",
        "?",
    ]


def test_a_timeline_groups_by_the_malls_day() -> None:
    late = TimelineEntry(MOMENT, "late", zone=SHANGHAI)
    early = TimelineEntry(MOMENT - dt.timedelta(hours=3), "early", zone=SHANGHAI)
    with translation.override("en"):
        days = ui.timeline([late, early])["days"]
    assert [heading for heading, _entries in days] == ["22 Nov 2026", "21 Nov 2026"]


class NameForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    agreed = forms.BooleanField(label="Agreed", required=False)


def test_errors_stand_beside_the_field_and_typing_is_kept() -> None:
    form = NameForm({"name": '"Lin"'})
    add_refusal(form, Invalid(fields={"name": "Already taken."}))
    html = str(form)
    assert 'value="&quot;Lin&quot;"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Already taken." in html


def test_a_refusal_without_fields_stands_above_the_form() -> None:
    form = NameForm({"name": "Lin"})
    add_refusal(form, Invalid())
    assert 'role="alert"' in str(form)
    assert "Please check what you entered." in str(form)


@pytest.mark.urls("mallard.kernel.ui.tests.urlconf")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 502, 503])
def test_error_pages_render_without_the_database(status: int) -> None:
    # No django_db mark: a query would fail this test.
    answer = render_error(RequestFactory().get("/"), status, code="ui.sample")
    assert answer.status_code == status
    assert "ui.sample" in answer.content.decode()
    assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "required", "word"),
    [("en", True, "Choose…"), ("zh-hans", True, "请选择"), ("zh-hans", False, "无")],
)
def test_where_nothing_is_chosen_yet_a_word_says_so(
    language: str, required: bool, word: str
) -> None:
    class PlaceForm(forms.Form):
        place = forms.ModelChoiceField(Entry.objects.none(), required=required)

    with translation.override(language):
        assert f'<option value="" selected>{word}</option>' in str(PlaceForm()["place"])


def test_a_fixed_part_is_drawn_once_in_each_language() -> None:
    template = Template("{% fixed %}{% translate 'Save' %}{% icon 'check' %}{% endfixed %}")
    english = template.render(Context())
    assert english.startswith("Save<svg")
    with override("zh-hans"):
        chinese = template.render(Context())
    assert chinese.startswith("保存<svg")
    assert template.render(Context()) == english


def test_a_fixed_part_cannot_say_anything_of_one_reader() -> None:
    with pytest.raises(TemplateSyntaxError, match="no variables"):
        Template("{% fixed %}{{ request.user }}{% endfixed %}")
    told = Template("{% fixed %}{% if secret %}told{% endif %}{% endfixed %}")
    assert told.render(Context({"secret": True})) == ""
