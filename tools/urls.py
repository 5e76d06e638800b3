"""Every URL of the product; the walk itself is the product's, which looks at its open doors."""

from __future__ import annotations

from mallard.kernel.security.addresses import PAGE_METHODS, Url, every_url

__all__ = ["PAGE_METHODS", "Url", "every_url"]
