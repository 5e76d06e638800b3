"""What is wrong with an operator's environment: found before it hurts, told with the cure.

Pure but for reading the files that variables name: the environment comes in as a mapping.
"""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import ValidationError

from mallard.kernel.environment import PREFIX, Environment

MIN_SECRET = 32
MIN_DIFFERENT_SIGNS = 10
OURS_TOO = frozenset({"MALLARD_TEST_HOME", "MALLARD_GENERATION"})
"""Variables of the development tools and of `mallard up`, which are no settings."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``level`` error: Mallard will not work or is not safe; warning: probably not meant."""

    level: Literal["error", "warning"]
    variable: str
    sentence: str


def faults(variables: Mapping[str, str]) -> list[Fault]:
    """Everything that is wrong with ``variables``; errors first. It never repeats a secret."""
    found = [*_unknown(variables), *_files(variables)]
    if not any(fault.level == "error" for fault in found):
        try:
            settings = Environment()
        except ValidationError as error:
            found += _malformed(error)
        else:
            found += _combinations(settings)
    return sorted(found, key=lambda fault: (fault.level, fault.variable))


def _names() -> set[str]:
    return {PREFIX + name.upper() for name in Environment.model_fields}


def _unknown(variables: Mapping[str, str]) -> Iterator[Fault]:
    names = _names()
    known = names | {f"{name}_FILE" for name in names} | OURS_TOO
    for variable in sorted(variables):
        if not variable.startswith(PREFIX) or variable in known:
            continue
        close = difflib.get_close_matches(variable, sorted(known), n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        yield Fault("error", variable, f"There is no such setting.{hint}")


def _files(variables: Mapping[str, str]) -> Iterator[Fault]:
    for name in sorted(_names()):
        variable = f"{name}_FILE"
        path = variables.get(variable)
        if not path:
            continue
        if variables.get(name):
            yield Fault("warning", variable, f"{name} is set as well and wins over the file.")
        try:
            Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            yield Fault("error", variable, f"The file cannot be read ({type(error).__name__}).")
            continue
        if Path(path).stat().st_mode & 0o007:
            yield Fault("warning", variable, "Everybody on this machine can read the file.")


def _malformed(error: ValidationError) -> Iterator[Fault]:
    for each in error.errors(include_input=False, include_url=False):
        name = str(each["loc"][0]) if each["loc"] else ""
        yield Fault("error", PREFIX + name.upper(), f"{each['msg']}.")


def _combinations(settings: Environment) -> Iterator[Fault]:
    yield from _address(settings)
    yield from _secrets(settings)
    if settings.debug:
        level: Literal["error", "warning"] = (
            "warning" if _is_loopback(settings.base_url) else "error"
        )
        yield Fault(level, "MALLARD_DEBUG", "Pages show tracebacks. Turn it off where people work.")
    if settings.time_zone not in available_timezones():
        yield Fault("error", "MALLARD_TIME_ZONE", "There is no such time zone.")
    if settings.key_ring_path.is_relative_to(settings.home):
        yield Fault(
            "error",
            "MALLARD_KEY_RING",
            "The keys lie inside the data folder: a copy of the data is a copy of the keys.",
        )
    if settings.webhooks_allow_private:
        yield Fault(
            "warning",
            "MALLARD_WEBHOOKS_ALLOW_PRIVATE",
            "Whoever sets up a webhook can reach what stands behind the firewall.",
        )


def _address(settings: Environment) -> Iterator[Fault]:
    url = urlsplit(settings.base_url)
    host, hosts = url.hostname or "", settings.allowed_hosts
    if url.scheme not in ("http", "https") or not host:
        yield Fault("error", "MALLARD_BASE_URL", "It begins with https:// and names a host.")
        return
    if url.scheme == "http" and not _is_loopback(settings.base_url):
        yield Fault(
            "error",
            "MALLARD_BASE_URL",
            "People reach Mallard without TLS: passwords and cookies travel in clear. Put a proxy "
            "with a certificate in front and use https.",
        )
    if "*" in hosts:
        yield Fault("error", "MALLARD_ALLOWED_HOSTS", "Name the hosts; `*` answers to any.")
    elif not any(_covers(pattern, host) for pattern in hosts):
        yield Fault("error", "MALLARD_ALLOWED_HOSTS", f"{host} of MALLARD_BASE_URL is missing.")
    if url.scheme == "https" and settings.trusted_proxies == 0:
        yield Fault(
            "error",
            "MALLARD_TRUSTED_PROXIES",
            "Mallard speaks no TLS itself, so a proxy stands in front: say how many (usually 1), "
            "or every visitor has the proxy's address and pages believe they came without TLS.",
        )
    if url.scheme == "http" and settings.trusted_proxies:
        yield Fault(
            "warning",
            "MALLARD_TRUSTED_PROXIES",
            "Without a proxy in front anybody can invent the address that they come from.",
        )


def _covers(pattern: str, host: str) -> bool:
    bare = pattern.strip("[]").lower()
    return bare == host or (bare.startswith(".") and f".{host}".endswith(bare))


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secrets(settings: Environment) -> Iterator[Fault]:
    if settings.secret_key is not None:
        secret = settings.secret_key.get_secret_value()
        if len(secret) < MIN_SECRET or len(set(secret)) < MIN_DIFFERENT_SIGNS:
            yield Fault(
                "error",
                "MALLARD_SECRET_KEY",
                "It is easy to guess. Leave it out, and a good one is made and kept.",
            )
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        host = urlsplit(url).hostname or ""
        is_far = host and not _is_loopback(f"http://{host}") and not host.startswith("/")
        if is_far and "sslmode=verify-full" not in url:
            yield Fault(
                "warning",
                "MALLARD_DATABASE_URL",
                "The way to the database is not verified; add sslmode=verify-full.",
            )
