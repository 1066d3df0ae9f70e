"""The one lock of what this process counts: rooms of meters, money in purses, calls in flight.

Held for microseconds and never across I/O. One lock and not one for each counter: a call takes from all levels or from
none, and taking ten locks would cost more than the counting does.
"""

import threading

LOCK = threading.Lock()
