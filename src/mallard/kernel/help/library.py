"""The pages of help: Markdown files of the documentation, read and rendered once per process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mallard.kernel.bilingual import reads_chinese

ENGLISH, CHINESE = ("how-to", "explanation"), "zh"
_TOPIC = re.compile(r"[a-z0-9-]{1,60}")
# Chinese pages that explain what several English ones do, or have a name of their own.
_CHINESE_NAMES = {
    "count-footfall": "footfall",
    "figures": "read-your-home",
    "give-roles": "staff",
    "invite-staff": "staff",
    "ledger": "where-points-come-from",
    "let-a-unit": "leases",
    "use-codes-from-the-phone": "staff",
}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page, ready to show. ``language`` is the one that it is written in."""

    topic: str
    title: str
    html: SafeString
    text: str
    language: str


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
    name = _CHINESE_NAMES.get(topic, topic)
    return _read(topic, folder() / CHINESE / f"{name}.md", "zh-Hans")


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
    names = {chinese: english for english, chinese in _CHINESE_NAMES.items()}
    for known in (topic, names.get(topic, "")):
        if path.endswith(".md") and any(
            (folder() / part / f"{known}.md").is_file() for part in ENGLISH
        ):
            return {"href": reverse("help:page", args=[known])}
    return None
