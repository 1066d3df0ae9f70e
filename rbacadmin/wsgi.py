"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbacadmin.settings")

application = get_wsgi_application()

from rbacadmin.checks import require_safe_start  # noqa: E402  (needs the settings)
from rbacadmin.conf import conf  # noqa: E402

require_safe_start(conf)
