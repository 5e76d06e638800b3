"""The WSGI application that Granian serves."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# Who comes back from the database waits for the interpreter: with Python's own 5 ms behind each of
# the others, the slowest of 32 tills waited three times as long (`mallard bench api`).
sys.setswitchinterval(0.001)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mallard.config.settings")
application = get_wsgi_application()
# Every page's code is loaded now: otherwise the first who comes waits a second for it.
get_resolver().url_patterns  # noqa: B018 a property that loads
