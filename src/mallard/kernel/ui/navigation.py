"""What the console's menu holds.

A surface registers the sections, in order; every app registers its entries from its
``AppConfig.ready``. Entries that the reader may not use are left out, and sections without a
visible entry with them. What can be begun from anywhere is registered the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from mallard.kernel.ui.formats import number
from mallard.kernel.ui.kept import ground
from mallard.kernel.ui.marks import icon

Text = str | Promise
MayUse = Callable[[str], bool]
Waiting = Callable[[HttpRequest], QuerySet[Any]]
_LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the menu, e.g. Members. ``icon`` is a name from ``assets/src/icons.txt``."""

    key: str
    label: Text
    icon: str
    order: int
    is_apart: bool = False  # stands at the foot of the sidebar, as Settings does
    is_unfolded: bool = False  # shows its entries wherever the reader is


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu. ``permission`` is what it needs (None: any signed-in reader);
    ``go_key`` is the letter that opens it after ``g``; ``waiting`` the rows that wait there (all
    entries' rows are counted on every page, in one statement: keep an index under them)."""

    section: str
    label: Text
    url_name: str
    permission: str | None = None
    order: int = 100
    go_key: str = ""
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class HelpLink:
    """An entry of the account menu that leads to help about the page one is on: it is given the
    page's path (``?page=``) and the id of its request (``?seen=``)."""

    label: Text
    url_name: str
    icon: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be begun from anywhere, e.g. a new task: a page that is in no menu.
    ``permission`` is what the page needs."""

    label: Text
    url_name: str
    permission: str
    icon: str = "plus"


@dataclass(frozen=True, slots=True)
class Link:
    """One visible entry, resolved for a reader."""

    label: str
    url: str
    is_current: bool
    go_key: str
    count: int = 0
    place: int = 0  # among all links of the menu

    @property
    def html(self) -> str:
        """The entry in the menu, with how much waits there."""
        counted = f'<span class="nav-count num">{number(self.count)}</span>' if self.count else ""
        label = f"<span>{escape(self.label)}</span>{counted}"
        return _anchor(self.url, "page" if self.is_current else "", self.go_key, label)


@dataclass(frozen=True)
class Group:
    """One visible section, resolved for a reader. With a single link it is that link; unfolded, it
    is the first link, and the others always stand below it."""

    label: str
    icon: str
    is_apart: bool
    is_unfolded: bool
    links: tuple[Link, ...]

    @property
    def url(self) -> str:
        return self.links[0].url

    @property
    def is_link(self) -> bool:
        return self.is_unfolded or len(self.links) == 1

    @property
    def below(self) -> tuple[Link, ...]:
        return self.links[1:] if self.is_link else self.links

    @property
    def is_current(self) -> bool:
        links = self.links[:1] if self.is_link else self.links
        return any(link.is_current for link in links)

    @property
    def go_key(self) -> str:
        return self.links[0].go_key

    @cached_property
    def html(self) -> SafeString:
        """The section in the menu with its entries. Drawn here, and once for all pages where
        nothing in it is current or waits: a template takes as long over the menu as over what the
        page is about."""
        current = ("page" if self.is_link else "true") if self.is_current else ""
        label = f"{icon(self.icon)}<span>{escape(self.label)}</span>"
        head = _anchor(self.url, current, self.go_key if self.is_link else "", label)
        below = "".join(f"<li>{link.html}</li>" for link in self.below)
        if below:
            hidden = "" if self.is_current or self.is_unfolded else " hidden"
            below = f'<ul class="nav-list"{hidden}>{below}</ul>'
        return mark_safe(f"<li>{head}{below}</li>")  # noqa: S308 escaped part by part


def _anchor(url: str, current: str, go_key: str, inner: str) -> str:
    marks = f' aria-current="{current}"' if current else ""
    marks += f' data-go="{escape(go_key)}"' if go_key else ""
    return f'<a class="nav-entry" href="{escape(url)}"{marks}>{inner}</a>'


@dataclass(frozen=True, slots=True)
class TopbarPart:
    """Something small beside the switches, e.g. the bell; ``load`` makes its context."""

    template: str
    load: Callable[[HttpRequest], Mapping[str, Any]]


_topbar: list[TopbarPart] = []
_banners: list[TopbarPart] = []
_sections: dict[str, Section] = {}
_entries: list[Entry] = []
_acts: list[Act] = []
_account_parts: list[str] = []
_sign_out: list[str] = []
_help_links: list[HelpLink] = []


def register_section(section: Section) -> None:
    """Add a section; registering the same key again replaces it."""
    _sections[section.key] = section
    forget_menus()


def sections() -> list[Section]:
    """Every section, in the order of the menu."""
    return sorted(_sections.values(), key=lambda section: section.order)


def register(entry: Entry) -> None:
    """Add an entry. It appears once its section is registered."""
    if entry not in _entries:
        _entries.append(entry)
        forget_menus()


def register_act(act: Act) -> None:
    """Offer something to begin, in the palette."""
    if act not in _acts:
        _acts.append(act)


def registered_entries() -> tuple[Entry, ...]:
    """All entries, for tests that check their permissions and addresses."""
    return tuple(_entries)


def _may(request: HttpRequest) -> MayUse:
    actor = getattr(request, "actor", None)
    return actor.may if actor is not None else (lambda _permission: False)


def _current_url(path: str, urls: Iterable[str]) -> str:
    """The entry that the page at ``path`` belongs to: the longest address it begins with."""
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=len, default="")


def _counts(request: HttpRequest, waiting: Mapping[int, Waiting]) -> dict[int, int]:
    """How much waits at each place in the menu. One statement, however many entries count, and put
    together here: Django takes longer to make it of querysets than the database to answer it."""
    if not waiting:
        return {}
    selects: list[str] = []
    parameters: list[Any] = []
    for rows in waiting.values():
        query = rows(request).query.clone()
        query.clear_ordering(force=True)
        query.clear_select_clause()
        query.add_annotation(Count("*"), "waiting")
        # Rows that cannot exist are none, no reason to leave their place out of the answer.
        sql, values = query.get_compiler(connection=connection, elide_empty=False).as_sql()
        selects.append(f"({sql})")
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", parameters)
        return dict(zip(waiting, cursor.fetchone(), strict=True))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A menu as it is between requests: nothing is current, nothing waits. Labels are in the
    language that it is kept for."""

    waiting: Mapping[int, Waiting]
    groups: tuple[Group, ...]
    urls: frozenset[str]
    keys: SafeString


_KEPT_AT_MOST = 256  # menus: as many as there are sets of rights, times languages
_kept: dict[tuple[object, ...], _Kept] = {}


def forget_menus() -> None:
    """Make every menu anew: what is registered has changed."""
    _kept.clear()


def _kept_menu(may: MayUse) -> _Kept:
    """The menu for whoever may do what ``may`` says. It is kept by those rights themselves, which
    are asked with each request: who gains or loses one finds another menu on the next page."""
    rights = frozenset(one.permission for one in _entries if one.permission and may(one.permission))
    key = (rights, ground())
    kept = _kept.get(key)
    if kept is None:
        while len(_kept) >= _KEPT_AT_MOST:
            _kept.pop(next(iter(_kept)), None)
        kept = _kept[key] = _made_menu(rights)
    return kept


def _made_menu(rights: Collection[str]) -> _Kept:
    visible = [
        entry
        for entry in sorted(_entries, key=lambda entry: entry.order)
        if entry.permission is None or entry.permission in rights
    ]
    groups = []
    for section in sections():
        links = tuple(
            Link(str(entry.label), reverse(entry.url_name), False, entry.go_key, place=place)
            for place, entry in enumerate(visible)
            if entry.section == section.key
        )
        if links:
            is_apart, is_unfolded = section.is_apart, section.is_unfolded
            groups.append(Group(str(section.label), section.icon, is_apart, is_unfolded, links))
    return _Kept(
        {place: entry.waiting for place, entry in enumerate(visible) if entry.waiting},
        tuple(groups),
        frozenset(reverse(entry.url_name) for entry in visible),
        _keys(link for group in groups for link in group.links),
    )


def _keys(links: Iterable[Link]) -> SafeString:
    shape = "<dt>{}</dt><dd><kbd>g</kbd><kbd>{}</kbd></dd>"
    return format_html_join("", shape, ((link.label, link.go_key) for link in links if link.go_key))


def go_keys(request: HttpRequest) -> SafeString:
    """The keys that lead to pages of this reader's menu, as entries of the list of keys."""
    is_somebody = getattr(request, "actor", None) is not None
    return _kept_menu(_may(request)).keys if is_somebody else mark_safe("")


def menu(request: HttpRequest) -> list[Group]:
    """The sections and entries that this request's actor may use, in order. Made once a request:
    the home page shows the ways into the sections beside the menu."""
    made: list[Group] | None = getattr(request, _MADE, None)
    if made is None:
        made = _menu(request) if getattr(request, "actor", None) is not None else []
        setattr(request, _MADE, made)
    return made


_MADE = "ui_menu"


def _menu(request: HttpRequest) -> list[Group]:
    kept = _kept_menu(_may(request))
    current = _current_url(request.path, kept.urls)
    counts = _counts(request, kept.waiting)
    return [_today(group, current, counts) for group in kept.groups]


def _today(group: Group, current: str, counts: Mapping[int, int]) -> Group:
    """``group`` with what is current and what waits; itself when neither is in it."""
    links = tuple(
        replace(link, is_current=link.url == current, count=counts.get(link.place, 0))
        if link.url == current or counts.get(link.place)
        else link
        for link in group.links
    )
    return group if links == group.links else replace(group, links=links)


def acts(request: HttpRequest) -> list[tuple[Act | HelpLink, str]]:
    """What this reader may begin, each with its address, and the help about the page they are on
    (``?page=`` and ``?seen=`` of the palette say which)."""
    may = _may(request)
    begun: list[tuple[Act | HelpLink, str]] = [
        (act, reverse(act.url_name)) for act in _acts if may(act.permission)
    ]
    page, seen = request.GET.get("page", request.path), request.GET.get("seen", "")
    return [*begun, *_help_about(page[:_LONGEST_PATH], seen[:_LONGEST_PATH])]


def register_help(link: HelpLink) -> None:
    """Offer help about the page that one is on."""
    if link not in _help_links:
        _help_links.append(link)


def help_links(request: HttpRequest) -> list[tuple[HelpLink, str]]:
    """The registered links, each with its address for this page. Of the page's own address only
    the path goes along: what people searched for is nobody's business."""
    return _help_about(request.path, getattr(request, "request_id", ""))


def _help_about(page: str, seen: str) -> list[tuple[HelpLink, str]]:
    query = urlencode({"page": page, "seen": seen})
    return [(link, f"{reverse(link.url_name)}?{query}") for link in _help_links]


def register_topbar(part: TopbarPart) -> None:
    """Put something into the topbar of every page."""
    if part not in _topbar:
        _topbar.append(part)


def topbar(request: HttpRequest) -> list[str]:
    """The topbar's parts for whoever is signed in, rendered."""
    return _rendered(request, _topbar)


def register_banner(part: TopbarPart) -> None:
    """Put something above every page, error pages included; its template is empty when there is
    nothing to say. ``load`` must not ask the database."""
    if part not in _banners:
        _banners.append(part)


def banners(request: HttpRequest) -> list[str]:
    """What stands above the page for whoever is signed in, rendered."""
    return _rendered(request, _banners)


def _rendered(request: HttpRequest, parts: list[TopbarPart]) -> list[str]:
    if getattr(request, "actor", None) is None:
        return []
    return [
        render_to_string(part.template, dict(part.load(request)), request=request) for part in parts
    ]


def register_account_part(template: str) -> None:
    """Put entries into the account menu."""
    if template not in _account_parts:
        _account_parts.append(template)


def account_parts() -> tuple[str, ...]:
    """The templates of the account menu's further entries."""
    return tuple(_account_parts)


def register_sign_out(url_name: str) -> None:
    """Say where the account menu's sign-out form is posted."""
    _sign_out.append(url_name)


def sign_out_url() -> str:
    """Where the sign-out form is posted; empty when nobody registered a page for it."""
    return reverse(_sign_out[-1]) if _sign_out else ""


def home_url() -> str:
    """Where the brand mark leads."""
    try:
        return reverse("console:home")
    except NoReverseMatch:
        return "/"
