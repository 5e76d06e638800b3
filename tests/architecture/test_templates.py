"""Templates look down only, and say nothing that cannot be translated."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tools.setup import SOURCE

FLOORS = [
    "kernel", "world", "value", "understanding", "engagement", "review", "surfaces", "demo",
]  # fmt: skip
REFERENCE = re.compile(r"""\{%\s*(?:extends|include)\s+["']([^"']+)["']""")
TEMPLATE_SYNTAX = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
UNTRANSLATED_BLOCKS = re.compile(
    r"\{%\s*(comment|verbatim|blocktranslate|blocktrans)\b.*?\{%\s*end\1\s*%\}", re.DOTALL
)
READ_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "aria-description", "data-confirm"}
# Names and signs that read the same in every language.
UNIVERSAL = {
    "Mallard",
    "API",
    "CSV",
    "English",
    "SKU",
    "Esc",
    "Ctrl",
    "Enter",
    "kbd",
    "ID",
    "g",
    "m",
}
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")

TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file())


def floor_of(template: Path) -> int:
    return FLOORS.index(template.relative_to(SOURCE).parts[0])


def name_of(path: Path) -> str:
    """The name by which other templates know it: the part below ``templates/``."""
    parts = path.parts
    last = len(parts) - 1 - parts[::-1].index("templates")
    return "/".join(parts[last + 1 :])


BY_NAME = {name_of(path): path for path in TEMPLATES}


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_uses_only_its_own_floor_or_below(template: Path) -> None:
    references = REFERENCE.findall(template.read_text("utf-8"))
    unknown = [name for name in references if name not in BY_NAME]
    above = [
        name
        for name in references
        if name in BY_NAME and floor_of(BY_NAME[name]) > floor_of(template)
    ]
    assert (unknown, above) == ([], [])


class Readable(HTMLParser):
    """Collects what a person would read: text and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code"):
            self._silent += 1
        self.found += [value for name, value in attrs if name in READ_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code"):
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def untranslated_words(source: str) -> list[str]:
    """Words that stand in the template itself, outside of `{% translate %}`."""
    reader = Readable()
    reader.feed(TEMPLATE_SYNTAX.sub(" ", UNTRANSLATED_BLOCKS.sub(" ", source)))
    words = [word for text in reader.found for word in WORD.findall(text)]
    return [word for word in words if word not in UNIVERSAL]


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_says_nothing_untranslated(template: Path) -> None:
    if template.suffix != ".html":
        pytest.skip("not a page")
    assert untranslated_words(template.read_text("utf-8")) == []


def test_an_untranslated_word_is_found_in_text_and_in_attributes() -> None:
    page = '<p class="lead" title="Members">{{ total }} <b>found</b>{% translate "Well" %}</p>'
    assert untranslated_words(page) == ["Members", "found"]


INLINE = re.compile(
    r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:",
    re.I,
)


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_carries_no_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(UNTRANSLATED_BLOCKS.sub(" ", template.read_text("utf-8"))) == []
