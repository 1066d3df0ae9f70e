"""Settings of the suite: the product's own, with what would only cost time taken out."""

from rbacadmin.settings import *  # noqa: F403
from rbacadmin.settings import MIDDLEWARE as SHIPPED

MIDDLEWARE = [name for name in SHIPPED if not name.startswith("whitenoise.")]  # nothing is collected for tests

PRODUCTION = False
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MASTER_KEY = "sk-1234"
ALLOWED_HOSTS = ["*"]
