"""The WSGI application that Granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mallard.config.settings")
application = get_wsgi_application()
# Every page's code is loaded now: otherwise the first who comes waits a second for it.
get_resolver().url_patterns  # noqa: B018 a property that loads
