"""Django's settings, derived from the operator's typed settings in `kernel.environment`."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mallard.kernel.database.embedded import configuration
from mallard.kernel.environment import environment

MALLARD = environment()
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = MALLARD.debug
SECRET_KEY = MALLARD.session_secret
ALLOWED_HOSTS = MALLARD.allowed_hosts
ROOT_URLCONF = "mallard.config.urls"
WSGI_APPLICATION = "mallard.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    # kernel
    "mallard.kernel.access",
    "mallard.kernel.database",
    "mallard.kernel.jobs",
    "mallard.kernel.outbox",
    "mallard.kernel.audit",
    "mallard.kernel.secrets",
    "mallard.kernel.mail",
    "mallard.kernel.settings",
    "mallard.kernel.http",
    "mallard.kernel.ui",
    "mallard.kernel.health",
    "mallard.kernel.help",
    "mallard.kernel.webhooks",
    "mallard.kernel.workspace",
    "mallard.kernel.faults",
    "mallard.kernel.security",
    "mallard.kernel.retention",
    "mallard.kernel.metrics",
    # world
    "mallard.world.malls",
    "mallard.world.catalog",
    "mallard.world.footfall",
    "mallard.world.staff",
    "mallard.world.members",
    "mallard.world.memberweb",
    "mallard.world.tasks",
    "mallard.world.corrections",
    "mallard.world.privacy",
    "mallard.world.phones",
    "mallard.world.intake",
    "mallard.world.duplicates",
    "mallard.world.lists",
    "mallard.world.quality",
    # value
    "mallard.value.ledger",
    "mallard.value.wallets",
    "mallard.value.sales",
    "mallard.value.loyalty",
    "mallard.value.migration",
    "mallard.value.rewards",
    "mallard.value.checkout",
    "mallard.value.watch",
    "mallard.value.counter",
    # review
    "mallard.review.reports",
    "mallard.review.targets",
    # surfaces
    "mallard.surfaces.console",
    "mallard.surfaces.portal",
    "mallard.surfaces.api",
    # on top
    "mallard.demo",
]

MIDDLEWARE = [
    "mallard.kernel.http.middleware.RequestContextMiddleware",
    "mallard.kernel.http.stalls.DatabaseWatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mallard.kernel.http.lanes.StaticFiles",
    "mallard.kernel.http.lanes.ContentSecurityPolicy",
    "mallard.kernel.http.lanes.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "mallard.kernel.http.lanes.CrossSiteForms",
    "mallard.kernel.http.lanes.Authentication",
    "mallard.world.staff.middleware.StaffActorMiddleware",
    "mallard.world.memberweb.middleware.MemberActorMiddleware",
    "mallard.kernel.http.lanes.LoginRequired",
    "mallard.kernel.http.lanes.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mallard.kernel.http.middleware.DomainErrorMiddleware",
    "mallard.kernel.workspace.middleware.RecentItemsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "mallard.kernel.ui.context.shell",
            ],
            "builtins": ["mallard.kernel.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    },
]
FORM_RENDERER = "mallard.kernel.ui.forms.FormRenderer"

DATABASES = {"default": configuration(MALLARD)}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

AUTH_USER_MODEL = "staff.StaffUser"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "staff:sign_in"
LOGIN_REDIRECT_URL = "console:home"
LOGOUT_REDIRECT_URL = "staff:sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "mallard.world.staff.pages.doors.locked_out"
AXES_CLIENT_IP_CALLABLE = "mallard.kernel.http.context.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_IPWARE_PROXY_COUNT = MALLARD.trusted_proxies or None

LANGUAGE_CODE = MALLARD.language
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "kernel" / "locale"]  # of the kernel's plain modules; apps bring theirs
USE_I18N = True
USE_TZ = True
TIME_ZONE = MALLARD.time_zone

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

_https = MALLARD.base_url.startswith("https://")
SESSION_ENGINE = "mallard.kernel.http.sessions"
SESSION_COOKIE_AGE = MALLARD.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = False  # htmx sends it as a header
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [MALLARD.base_url]
CSRF_FAILURE_VIEW = "mallard.kernel.ui.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if MALLARD.trusted_proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Uploads hold personal data: never a temporary file in clear (kernel.http.uploads has the limit).
FILE_UPLOAD_HANDLERS = ["mallard.kernel.http.uploads.UploadInMemory"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a batch of 500 receipts is about 1 MB

LOGGING_CONFIG = None  # kernel.http.logs configures it, in JSON, without personal data
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
APPLICATION_NAME = _("Mallard")
