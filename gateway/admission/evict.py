"""The callers of this process, by the hash of their token, and which rows each is made of.

A loader notes the generation before it reads. What was evicted while it read is not stored: it would be as old as what
was evicted. Tokens themselves are not kept, not even as keys: a memory dump would hold them.
"""

import threading
from collections.abc import Callable, Iterable
from hashlib import sha256
from uuid import UUID

from gateway.admission.caller import Caller
from gateway.admission.refusals import Refused

MOST = 200_000  # callers; about 1 kB each
MOST_UNKNOWN = 50_000
UNKNOWN_FOR = 5.0  # seconds that an unknown token is refused without a look

_lock = threading.Lock()
callers: dict[bytes, Caller] = {}
unknown: dict[bytes, tuple[float, Refused]] = {}
_tokens_of: dict[UUID, set[bytes]] = {}  # row -> hashes of the callers that it is part of
generation = 0
on_evict: list[Callable[[], None]] = []  # what else forgets everything: called by `evict_all`


def digest(token: str) -> bytes:
    """What a token is remembered by."""
    return sha256(token.encode()).digest()


def store(key: bytes, caller: Caller, began: int) -> bool:
    """Keep a caller, unless something was evicted since it began to be loaded."""
    with _lock:
        if began != generation:
            return False
        drop(key)
        if len(callers) >= MOST:
            for oldest in [*zip(range(MOST // 8), callers, strict=False)]:
                drop(oldest[1])
        callers[key] = caller
        for entity in caller.entities:
            _tokens_of.setdefault(entity, set()).add(key)
        unknown.pop(key, None)
        return True


def drop(key: bytes) -> None:
    """Forget one caller. With the lock held."""
    caller = callers.pop(key, None)
    if caller is None:
        return
    caller.evicted = True
    caller.fresh_until = 0.0
    caller.offers = {}
    for entity in caller.entities:
        if tokens := _tokens_of.get(entity):
            tokens.discard(key)
            if not tokens:
                del _tokens_of[entity]


def store_unknown(key: bytes, refused: Refused, now: float, began: int) -> None:
    """Remember for a few seconds that this token is turned away."""
    with _lock:
        if began != generation:
            return
        if len(unknown) >= MOST_UNKNOWN:
            unknown.clear()
        unknown[key] = (now + UNKNOWN_FOR, Refused(refused.refusal, refused.of))  # without its traceback


def evict(entities: Iterable[UUID]) -> int:
    """Forget the callers that any of these rows is part of, and who was unknown; gives how many there were."""
    global generation
    with _lock:
        generation += 1
        unknown.clear()
        keys = {key for entity in entities for key in _tokens_of.get(entity, ())}
        for key in keys:
            drop(key)
        return len(keys)


def evict_all() -> None:
    """Forget everybody: what everybody is made of has changed (the catalog, the groups, settings)."""
    global generation
    with _lock:
        generation += 1
        for key in [*callers]:
            drop(key)
        unknown.clear()
    for forget in on_evict:
        forget()
