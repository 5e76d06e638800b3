"""Which page of help explains which screen. Apps register from ``AppConfig.ready``::

topics.register({"members": "look-up-a-member", "members:enrol": "enrol-a-member"})

and under which section of the menu a page stands in the index of help::

topics.place("members", "look-up-a-member", "enrol-a-member")
"""

from __future__ import annotations

from collections.abc import Mapping

_topics: dict[str, str] = {}
_sections: dict[str, str] = {}


def register(topics: Mapping[str, str]) -> None:
    """Name the page of help for URL names, or for whole namespaces (``"members"``)."""
    _topics.update(topics)


def place(section: str, *topics: str) -> None:
    """Let pages of help stand under a section of the menu, by its key."""
    _sections.update(dict.fromkeys(topics, section))


def section_of(topic: str) -> str | None:
    """The key of the section under which a page stands."""
    return _sections.get(topic)


def registered_topics() -> dict[str, str]:
    return dict(_topics)


def topic_of(view_name: str) -> str | None:
    """The page of help for a screen: its own, else its namespace's."""
    return _topics.get(view_name) or _topics.get(view_name.partition(":")[0])
