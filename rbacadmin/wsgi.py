"""The WSGI entry point: decisions are answered in front of Django, everything else by it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbacadmin.settings")

django = get_wsgi_application()

from api.gateway.boundary import asks, at_once, boundary  # noqa: E402  (these need the settings)
from api.openai import calling  # noqa: E402
from dashboard.tasks.going_on import alone  # noqa: E402
from gateway import from_file, sharing  # noqa: E402
from gateway.admission import decision_log, listening  # noqa: E402
from gateway.ledger.recording import recorder  # noqa: E402
from rbacadmin import stopping, threads  # noqa: E402
from rbacadmin.checks import require_safe_start  # noqa: E402
from rbacadmin.conf import conf  # noqa: E402

application = boundary(django)

require_safe_start(conf)
from_file.at_start()
stopping.watch()
recorder.start()
stopping.at_end(calling.finish, order=1)  # before the ledger writes the rest
stopping.at_end(decision_log.finish)
stopping.at_end(alone.finish, order=1)
listening.start()
sharing.start()
alone.start()
if conf.request_threads:
    threads.take_over(at_once, asks, conf.request_threads)
gc.freeze()  # what the start made stays: looking through it for garbage would hold up every thread, again and again
