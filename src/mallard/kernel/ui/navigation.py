"""What the console's menu holds.

A surface registers the sections, in order; every app registers its entries from its
``AppConfig.ready``. Entries that the reader may not use are left out, and sections without a
visible entry with them. What can be begun from anywhere is registered the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, QuerySet, Value
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from mallard.kernel.ui.formats import number
from mallard.kernel.ui.marks import icon

Text = str | Promise
MayUse = Callable[[str], bool]
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
    waiting: Callable[[HttpRequest], QuerySet[Any]] | None = None


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

    label: Text
    url: str
    is_current: bool
    go_key: str
    count: int = 0

    @property
    def html(self) -> str:
        """The entry in the menu, with how much waits there."""
        counted = f'<span class="nav-count num">{number(self.count)}</span>' if self.count else ""
        label = f"<span>{escape(self.label)}</span>{counted}"
        return _anchor(self.url, "page" if self.is_current else "", self.go_key, label)


@dataclass(frozen=True, slots=True)
class Group:
    """One visible section, resolved for a reader. With a single link it is that link; unfolded, it
    is the first link, and the others always stand below it."""

    label: Text
    icon: str
    is_apart: bool
    is_unfolded: bool
    links: list[Link] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.links[0].url

    @property
    def is_link(self) -> bool:
        return self.is_unfolded or len(self.links) == 1

    @property
    def below(self) -> list[Link]:
        return self.links[1:] if self.is_link else self.links

    @property
    def is_current(self) -> bool:
        links = self.links[:1] if self.is_link else self.links
        return any(link.is_current for link in links)

    @property
    def go_key(self) -> str:
        return self.links[0].go_key

    @property
    def html(self) -> SafeString:
        """The section in the menu with its entries. Drawn here: it stands on every page, and a
        template takes as long over it as over what the page is about."""
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


def sections() -> list[Section]:
    """Every section, in the order of the menu."""
    return sorted(_sections.values(), key=lambda section: section.order)


def register(entry: Entry) -> None:
    """Add an entry. It appears once its section is registered."""
    if entry not in _entries:
        _entries.append(entry)


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


def _current_url(path: str, urls: list[str]) -> str:
    """The entry that the page at ``path`` belongs to: the longest address it begins with."""
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=len, default="")


def _counts(request: HttpRequest, entries: Sequence[Entry]) -> dict[int, int]:
    """How much waits at each of ``entries``, by its place among them; nothing for none. One
    statement, however many entries count."""
    parts = [
        entry.waiting(request)
        .select_related(None)
        .order_by()
        .annotate(_place=Value(place, IntegerField()))
        .values("_place")
        .annotate(_count=Count("*"))
        .values_list("_place", "_count")
        for place, entry in enumerate(entries)
        if entry.waiting is not None
    ]
    if not parts:
        return {}
    return dict(parts[0].union(*parts[1:], all=True))


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
    may = _may(request)
    visible = [
        (entry, reverse(entry.url_name))
        for entry in sorted(_entries, key=lambda entry: entry.order)
        if entry.permission is None or may(entry.permission)
    ]
    current = _current_url(request.path, [url for _entry, url in visible])
    counts = _counts(request, [entry for entry, _url in visible])
    groups = []
    for section in sections():
        links = [
            Link(
                entry.label, url, url == current, entry.go_key,
                count=counts.get(place, 0),
            )
            for place, (entry, url) in enumerate(visible)
            if entry.section == section.key
        ]  # fmt: skip
        if links:
            group = Group(section.label, section.icon, section.is_apart, section.is_unfolded, links)
            groups.append(group)
    return groups


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
