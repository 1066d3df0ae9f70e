"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbacadmin.settings")

application = get_wsgi_application()

from gateway.admission import listening  # noqa: E402  (these need the settings)
from rbacadmin import stopping  # noqa: E402
from rbacadmin.checks import require_safe_start  # noqa: E402
from rbacadmin.conf import conf  # noqa: E402

require_safe_start(conf)
stopping.watch()
listening.start()
