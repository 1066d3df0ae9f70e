"""How often one address may try: fixed windows, counted in the cache."""

import time

from django.core.cache import cache

from rbacadmin.errors import TooMany


def spend(action: str, ident: str | None, *, most: int, seconds: int) -> None:
    """Count one try of `action` by `ident` (an address). Raises TooMany after `most` within `seconds`."""
    now = int(time.time())
    key = f"throttle:{action}:{ident}:{now // seconds}"
    cache.add(key, 0, seconds)
    try:
        tried = cache.incr(key)
    except ValueError:  # it went between the two
        return
    if tried > most:
        raise TooMany("Too many attempts. Try again later.", retry_after=seconds - now % seconds)
