"""`granian benchmarks.bare_django:application`."""

from benchmarks.targets import bare

application = bare()
