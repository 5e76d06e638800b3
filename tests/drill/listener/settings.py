"""The product's settings with the listening app added."""

from mallard.config.settings import *  # noqa: F403
from mallard.config.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "tests.drill.listener"]
