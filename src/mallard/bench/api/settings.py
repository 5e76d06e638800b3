"""The product's settings with one more address: the view that returns a constant.

Only `mallard bench api` serves these. Production has no such address.
"""

from mallard.config.settings import *  # noqa: F403

ROOT_URLCONF = "mallard.bench.api.urls"
