"""Typed settings: everything that an operator may set, in one place.

Each setting is an environment variable with the prefix ``MALLARD_``; the same name with ``_FILE``
appended reads the value from a file instead (for secrets handed over by an orchestrator).
"""

from __future__ import annotations

import os
import secrets
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "MALLARD_"


class FileSource(PydanticBaseSettingsSource):
    """Reads ``MALLARD_X_FILE``: the setting's value is that file's content, stripped."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        value = Path(path).read_text(encoding="utf-8").strip() if path else None
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


class Environment(BaseSettings):
    """The operator's settings. Field descriptions become the reference in ``docs/``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", validate_default=True
    )

    home: Path = Field(
        default=Path(".mallard"),
        examples=["/srv/mallard"],
        description="Data folder: the embedded database, logs, exports. Never holds the keys.",
    )
    key_ring: Path | None = Field(
        default=None,
        examples=["/etc/mallard/ring.json"],
        description="Key ring file. Default: `ring.json` in a folder named like the data folder "
        "with `.keys` appended, beside it. Back it up apart from the data.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        examples=["postgresql://mallard@db.example:5432/mallard?sslmode=verify-full"],
        description="`postgresql://…` of your own PostgreSQL 18. Default: the embedded one.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs sessions and links. Default: made once and kept beside the key ring.",
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        examples=["https://crm.example"],
        description="Where people reach Mallard; used in mails. https turns secure cookies on.",
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default=["127.0.0.1", "localhost", "[::1]"],
        examples=["crm.example,127.0.0.1"],
        description="Host names that are answered, separated by commas.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        examples=["1"],
        description="How many proxies in front add X-Forwarded-For.",
    )
    debug: bool = Field(default=False, description="Development only: tracebacks in pages.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severity that is logged."
    )
    language: Literal["en", "zh-hans"] = Field(
        default="en", description="Language for readers who have not chosen one."
    )
    time_zone: str = Field(
        default="UTC",
        examples=["Asia/Shanghai"],
        description="Zone for times that belong to no mall.",
    )
    smtp_url: SecretStr = Field(
        default=SecretStr("smtp://127.0.0.1:25"),
        examples=["smtps://mallard:word@mail.example:465"],
        description="`smtp://` or `smtps://user:password@host:port` for outgoing mail.",
    )
    mail_from: str = Field(
        default="Mallard <mallard@localhost>",
        examples=["Mallard <crm@example.com>"],
        description="Sender of mails to staff.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=72, description="A staff session ends after this many hours."
    )
    backup_folder: Path | None = Field(
        default=None,
        description="Where backups go, best on another machine's disk. Set, `mallard up` keeps the "
        "write-ahead log and takes a base backup a day; unset, only `mallard backup` and "
        "`mallard upgrade` back up, into a folder named like the data folder with `.backups` "
        "appended, beside it.",
    )
    backup_hour: int = Field(
        default=3, ge=0, le=23, description="Hour of the daily base backup, in `MALLARD_TIME_ZONE`."
    )
    backup_keep_daily: int = Field(
        default=7,
        ge=1,
        le=366,
        description="Daily backups to keep: back to the oldest of them any second can be restored.",
    )
    backup_keep_weekly: int = Field(
        default=4,
        ge=0,
        le=520,
        description="Weekly backups to keep: each restores the moment when it was taken.",
    )
    api_requests_per_minute: int = Field(
        default=6000, ge=60, le=10_000_000, description="What one API key may ask for."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Who sends it as `Authorization: Bearer …` may read `/metrics`. Default: only "
        "this machine may, and not through a proxy.",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None,
        description="Where errors are told as well, as Sentry reads them. Needs the extra "
        "`sentry`. Type and place of the error, route and request id are sent; no values, bodies "
        "or names.",
    )
    otel_endpoint: str = Field(
        default="",
        examples=["http://127.0.0.1:4318"],
        description="An OpenTelemetry collector (OTLP over HTTP) that gets a span a request: "
        "method, route, status. Needs the extra `otel`. Empty: none.",
    )
    package_index: str = Field(
        default="https://pypi.org",
        examples=["https://pypi.internal.example"],
        description="Who is asked once a week for known holes in the installed packages (the JSON "
        "interface of PyPI). Names and versions leave the machine, nothing else. Empty: nobody.",
    )
    webhooks_allow_private: bool = Field(
        default=False,
        description="Let webhooks call this machine and private networks. Off, so that nobody who "
        "sets up a webhook can reach what stands behind the firewall.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileSource(settings_cls)

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return [host.strip() for host in value.split(",") if host.strip()]

    @field_validator("home", "key_ring", "backup_folder")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value else None

    @cached_property
    def key_ring_path(self) -> Path:
        """Where the key ring lies: outside the data folder, so that a copy of one is not both."""
        return self.key_ring or self.home.with_name(self.home.name + ".keys") / "ring.json"

    @cached_property
    def backup_path(self) -> Path:
        """Where backups go: the configured folder, else one beside the data folder."""
        return self.backup_folder or self.home.with_name(self.home.name + ".backups")

    @cached_property
    def session_secret(self) -> str:
        """Django's SECRET_KEY: the configured one, or one made at first use and kept (0600)."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return read_or_make_secret(self.key_ring_path.with_name("session-secret"))


def read_or_make_secret(path: Path) -> str:
    """The secret in ``path``; makes it (0600, in a 0700 folder) when there is none yet.

    Safe when several processes start at once: one wins the exclusive creation, the others read.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings of this process, read once."""
    return Environment()
