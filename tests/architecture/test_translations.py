"""Every string is in both languages, and the checker notices when one is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tools import translations
from tools.setup import own_apps


def test_every_string_is_translated() -> None:
    assert translations.problems() == []


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    (tmp_path / "pages.py").write_text('title = _("%(count)s members")\n')
    return tmp_path


def write_catalogue(product: Path, body: str) -> Path:
    path = product / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{body}', "utf-8"
    )
    return path


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "pages.py:1: not translated"),
        ('msgid "%(count)s members"\nmsgstr ""\n', "empty"),
        ('#, fuzzy\nmsgid "%(count)s members"\nmsgstr "%(count)s 位会员"\n', "fuzzy"),
        ('msgid "%(count)s members"\nmsgstr "会员"\n', "placeholders differ"),
        ('msgid "%(count)s members"\nmsgstr "%(count)s 位（%）"\n', "must be doubled"),
        (
            'msgid "%(count)s members"\nmsgstr "%(count)s 位会员"\n\nmsgid "Old"\nmsgstr "旧"\n',
            "no longer in the code: 'Old'",
        ),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_said(product: Path, body: str, problem: str) -> None:
    write_catalogue(product, body)
    assert [line for line in translations.problems() if problem in line]


def test_a_complete_catalogue_is_fine_and_compiles(product: Path) -> None:
    path = write_catalogue(product, 'msgid "%(count)s members"\nmsgstr "%(count)s 位会员"\n')
    assert translations.problems() == []
    assert translations.compile_catalogues() == 1
    assert "位会员".encode() in path.with_suffix(".mo").read_bytes()
    assert translations.compile_catalogues() == 0


def test_strings_in_templates_are_found(product: Path) -> None:
    template = product / "templates" / "page.html"
    template.parent.mkdir()
    template.write_text(
        '  <p>it\'s {% translate "Hello" %}</p>\n{% blocktranslate count n=n trimmed %}One\n lot'
        "{% plural %}{{ n }} lots{% endblocktranslate %}"
    )
    found = translations.strings_in_code()
    assert ("", "Hello", "") in found
    assert ("", "One lot", "%(n)s lots") in found


def test_every_catalogue_lies_where_django_looks() -> None:
    places = {Path(app.path) / "locale" for app in own_apps()}
    places |= {Path(folder) for folder in settings.LOCALE_PATHS}
    lost = [path for path in translations.catalogue_paths() if path.parents[2] not in places]
    assert lost == []
