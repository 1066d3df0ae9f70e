"""Rate limits of several processes: shared through Redis or Valkey, or else divided between the processes.

A process takes from Redis in batches and then counts by itself, so that a warm decision asks nobody. While Redis is
away every process keeps to its part of each limit: the limit divided by the processes that were last seen alive.
"""

import threading
import time

from gateway.admission import meters as counted  # not `meters`: so our own submodule is called
from gateway.sharing.process import Sharing
from rbacadmin import stopping
from rbacadmin.conf import conf

current: Sharing | None = None


def start() -> Sharing | None:
    """Share limits from now on, as the settings say. Called once by each worker, before it serves."""
    global current
    if current is not None or (not conf.redis_url and conf.processes == 1):
        return current
    current = Sharing(conf.redis_url, conf.processes)
    use(current)
    if conf.redis_url:
        current.beat(time.time())
        stopping.at_end(current.leave)
        threading.Thread(target=current.run, name="sharing", daemon=True).start()
    return current


def use(sharing: Sharing | None) -> None:
    """Let meters be made by this one, or by nobody."""
    counted.make = sharing.meter if sharing else counted.Meter
    counted.ask_others = sharing.refill if sharing else None


def mode() -> str:
    """`shared`, `divided` or `process`: how rate limits hold at this moment."""
    return current.mode if current else "process"
