"""The pages of help: Markdown files of the documentation, read and rendered once per process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mallard.kernel.bilingual import reads_chinese

ENGLISH, CHINESE = ("how-to", "explanation"), "zh"
_TOPIC = re.compile(r"[a-z0-9-]{1,60}")
# How to run Mallard: read by whoever keeps the machine, beside commands that are English as well.
# The index names these pages in the reader's language. Every other page is for staff and has its
# Chinese.
TITLES_FOR_OPERATORS = {
    "back-up": pgettext_lazy("help", "Back up"),
    "back-up-the-key-ring": pgettext_lazy("help", "Back up the key ring"),
    "demo-answer-key": pgettext_lazy("help", "What is planted in the demo's year"),
    "release": pgettext_lazy("help", "Release"),
    "restore": pgettext_lazy("help", "Restore"),
    "retire-a-route": pgettext_lazy("help", "Retire a route of the API"),
    "rotate-keys": pgettext_lazy("help", "Rotate keys"),
    "run-as-a-service": pgettext_lazy("help", "Run as a service, behind a proxy"),
    "run-the-drills": pgettext_lazy("help", "Run the drills and the benchmarks"),
    "start-the-demo": pgettext_lazy("help", "Start the demo"),
    "upgrade": pgettext_lazy("help", "Upgrade"),
    "verify-the-ledger": pgettext_lazy("help", "Verify the ledger"),
}
FOR_OPERATORS = frozenset(TITLES_FOR_OPERATORS)
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page, ready to show. ``language`` is the one that it is written in."""

    topic: str
    title: str
    html: SafeString
    text: str
    language: str

    @property
    def name(self) -> str:
        """What the index calls it, in the reader's language also where the page is not."""
        return str(TITLES_FOR_OPERATORS.get(self.topic, self.title))

    @property
    def is_explanation(self) -> bool:
        """It says why things are so; the others say how to do one."""
        return (folder() / "explanation" / f"{self.topic}.md").is_file()


def folder() -> Path:
    """Where the Markdown lies: inside the package, or in the checkout that runs."""
    packaged = Path(__file__).with_name("pages")
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "docs"


def page_of(topic: str) -> HelpPage | None:
    """The page in the reader's language, else in English; None when there is no such page."""
    if not _TOPIC.fullmatch(topic):
        return None
    return (reads_chinese() and _chinese(topic)) or _english(topic)


def every_topic() -> list[str]:
    """The topics of all pages that can be read in English."""
    return sorted(
        {path.stem for part in ENGLISH for path in (folder() / part).glob("*.md")}
    )  # fmt: skip


def _english(topic: str) -> HelpPage | None:
    for part in ENGLISH:
        if (page := _read(topic, folder() / part / f"{topic}.md", "en")) is not None:
            return page
    return None


def _chinese(topic: str) -> HelpPage | None:
    return _read(topic, folder() / CHINESE / f"{topic}.md", "zh-Hans")


@cache
def _read(topic: str, path: Path, language: str) -> HelpPage | None:
    if not path.is_file():
        return None
    text = path.read_text("utf-8")
    first, _newline, rest = text.partition("\n")
    tokens = _markdown.parse(rest)
    for token in tokens:
        if token.children:
            token.children = _with_own_links(token.children)
        if token.type in ("heading_open", "heading_close"):
            # The title of the screen or of the panel stands above.
            token.tag = f"h{min(int(token.tag[1]), 5)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    # Safe: our own files, rendered with HTML switched off.
    return HelpPage(
        topic, first.lstrip("# ").strip(), mark_safe(html), rest, language  # noqa: S308
    )  # fmt: skip


def _with_own_links(children: list[Token]) -> list[Token]:
    """Links to other pages of help lead there; what the product does not carry is plain text."""
    kept, is_dropped = [], False
    for child in children:
        if child.type == "image":
            continue
        if child.type == "link_open":
            target = _target(str(child.attrs.get("href", "")))
            is_dropped = target is None
            if target is not None:
                child.attrs = dict(target)
        if is_dropped and child.type in ("link_open", "link_close"):
            continue
        kept.append(child)
    return kept


def _target(href: str) -> dict[str, Any] | None:
    if href.startswith("https://"):
        return {"href": href, "rel": "noopener noreferrer", "target": "_blank"}
    path, _hash, _anchor = href.partition("#")
    topic = Path(path).stem
    if path.endswith(".md") and any(
        (folder() / part / f"{topic}.md").is_file() for part in ENGLISH
    ):
        return {"href": reverse("help:page", args=[topic])}
    return None
