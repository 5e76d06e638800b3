"""Search over everything: apps say how their rows are found, the console asks them all at once.

An app registers from ``AppConfig.ready``::

    finding.register(Finder("stores", _("Stores"), "building-store", VIEW_STORE, find_stores))

``find(actor, text, limit)`` applies the scope, masks what is personal, and asks the database a
fixed number of questions, whatever the text. What somebody searched for is kept nowhere: it goes
to no log, no saved view and no list of recent things.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui import navigation

Text = str | Promise
MAX_TEXT = 100
SHORT_LIMIT = 5
LONG_LIMIT = 25


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: where it leads and one line about it. ``icon`` replaces the group's."""

    label: Text
    url: str
    detail: Text = ""
    icon: str = ""


Find = Callable[[Actor, str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Finder:
    """How one kind of thing is found. ``permission`` is what its page needs (None: anybody who
    is signed in); ``list_url_name`` is the list that takes ``?q=`` and shows the rest."""

    key: str
    label: Text
    icon: str
    permission: str | None
    find: Find
    order: int = 100
    list_url_name: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to do that is not a page: a button of one of the palette's hidden forms."""

    label: str
    form: str
    name: str
    value: str
    icon: str
    words: str = ""  # that find it, besides its label


@dataclass(frozen=True, slots=True)
class Group:
    """What one finder found. ``more_url`` leads to the rest of it, where there is more."""

    key: str
    label: Text
    icon: str
    hits: Sequence[Hit]
    choices: Sequence[Choice] = ()
    more_url: str = ""


Recent = Callable[[Actor, int], Sequence[Hit]]
_finders: dict[str, Finder] = {}
_recent: list[Recent] = []


def register(finder: Finder) -> None:
    """Make a kind of thing findable; registering the same key again replaces it."""
    _finders[finder.key] = finder


def register_recent(recent: Recent) -> None:
    """Say what somebody opened lately; the last one registered is asked."""
    _recent.append(recent)


def registered_finders() -> tuple[Finder, ...]:
    """All finders, in order; for tests, too."""
    return tuple(sorted(_finders.values(), key=lambda finder: finder.order))


def cleaned(text: str) -> str:
    """What is searched for: without the white space around it, and not longer than a name."""
    return " ".join(text.replace("\x00", " ").split())[:MAX_TEXT]


def is_too_short(text: str) -> bool:
    """A single Latin letter or digit says nothing; a single Chinese character may be a name."""
    return len(text) < 2 and text.isascii()


def find(request: HttpRequest, text: str, *, limit: int = SHORT_LIMIT) -> list[Group]:
    """The pages, acts and rows that ``text`` may mean, as this request's actor may see them."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not text:
        return []
    groups = [_pages(request, text, limit), _acts(request, text)]
    if not is_too_short(text):
        groups += [
            _found(finder, actor, text, limit)
            for finder in registered_finders()
            if finder.permission is None or actor.may(finder.permission)
        ]
    return [group for group in groups if group.hits or group.choices]


def at_rest(request: HttpRequest) -> list[Group]:
    """What is offered before anything is typed: what was opened lately, and what can be done."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return []
    recent = _recent[-1](actor, SHORT_LIMIT + 3) if _recent else []
    groups = [
        Group("recent", _("Opened lately"), "history", recent),
        _acts(request, ""),
        _pages(request, "", LONG_LIMIT * 4),
    ]
    return [group for group in groups if group.hits or group.choices]


def _found(finder: Finder, actor: Actor, text: str, limit: int) -> Group:
    hits = list(finder.find(actor, text, limit + 1))
    more_url = ""
    if len(hits) > limit and finder.list_url_name:
        more_url = f"{reverse(finder.list_url_name)}?{urlencode({'q': text})}"
    return Group(finder.key, finder.label, finder.icon, hits[:limit], more_url=more_url)


def _matches(text: str, *names: Text) -> bool:
    told = " ".join(str(name) for name in names).casefold()
    return all(word in told for word in text.casefold().split())


def _pages(request: HttpRequest, text: str, limit: int) -> Group:
    hits = [
        Hit(link.label, link.url, "" if str(group.label) == str(link.label) else group.label,
            group.icon)
        for group in navigation.menu(request)
        for link in group.links
        if _matches(text, link.label, group.label)
    ]  # fmt: skip
    # The page of that very name before the other pages of its section.
    if text:
        hits.sort(key=lambda hit: not _matches(text, hit.label))
    return Group("pages", _("Pages"), "layout-dashboard", hits[:limit])


def _acts(request: HttpRequest, text: str) -> Group:
    hits = [
        Hit(act.label, url, icon=act.icon)
        for act, url in navigation.acts(request)
        if _matches(text, act.label)
    ]
    choices = [choice for choice in _switches() if _matches(text, choice.label, choice.words)]
    return Group("acts", _("Do"), "bolt", hits, choices)


def _switches() -> list[Choice]:
    """Language and theme. Each language is offered in its own words, whoever reads."""
    languages = (("en", "Switch to English"), ("zh-hans", "切换到简体中文"))
    themes = (
        ("light", gettext("Light theme"), "sun"),
        ("dark", gettext("Dark theme"), "moon"),
        ("auto", gettext("Theme of the device"), "device-desktop"),
    )
    return [
        *(
            Choice(told, "palette-language", "language", code, "language", gettext("Language"))
            for code, told in languages
            if code != get_language()
        ),
        *(Choice(told, "palette-theme", "theme", code, icon) for code, told, icon in themes),
    ]
