"""Pages of help in the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.help.library import every_topic, page_of
from mallard.kernel.ui import finding
from mallard.kernel.ui.finding import Hit


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Pages that have every word, those with all of them in the title first. No statement."""
    words = text.casefold().split()
    found: list[tuple[bool, str, Hit]] = []
    for topic in every_topic():
        page = page_of(topic)
        if page is None:
            continue
        title, body = f"{page.name} {page.title}".casefold(), page.text.casefold()
        if all(word in title or word in body for word in words):
            hit = Hit(page.name, reverse("help:page", args=[topic]))
            found.append((not all(word in title for word in words), page.name, hit))
    return [hit for _is_body, _title, hit in sorted(found, key=lambda one: one[:2])][:limit]


def register() -> None:
    finding.register(finding.Finder("help", _("Help"), "lifebuoy", None, find, order=200))
