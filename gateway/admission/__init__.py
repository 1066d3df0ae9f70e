"""Admission: may this caller call this model now? One answer for every door.

    caller = authenticate(token)
    admission = admit(caller, model="gpt-4o", route="/v1/chat/completions", prompt_tokens=12, completion_tokens=100)
    ...
    settle(admission, prompt_tokens=12, completion_tokens=80)     # or release(admission)

`question` answers the same without taking anything. All of them raise `Refused`, whose `refusal` a door translates.
"""

import time
from hashlib import sha256

from gateway.admission import decision_log, evict
from gateway.admission.asked import Verdict, question, refusal_of
from gateway.admission.caller import Caller, Deployment
from gateway.admission.decide import Admission, admit, admit_warm
from gateway.admission.evict import callers
from gateway.admission.load import caller_of, is_token, refused_at_sight, remembered_as
from gateway.admission.offers import left_open, longest_answer
from gateway.admission.refusals import Refusal, Refused, unauthenticated
from gateway.admission.settling import expire, release, settle
from keys.actors import is_master

__all__ = [
    "Admission",
    "Caller",
    "Deployment",
    "Refusal",
    "Refused",
    "Verdict",
    "admit",
    "admit_warm",
    "authenticate",
    "expire",
    "forget",
    "known",
    "left_open",
    "longest_answer",
    "question",
    "refusal_of",
    "release",
    "settle",
]

NOT_TEXT = unauthenticated("auth_error", "A virtual key was expected to start with 'sk-'.")


def authenticate(token: str, now: float | None = None, *, team: str = "") -> Caller:
    """The caller of a bearer token: the master key, a virtual key that lives, or a JWT.

    `team` is the one that the caller chooses when a JWT names several (`x-litellm-team-id`); a key has its own.
    Raises Refused (401; for a JWT also 400, 403, 503).
    """
    if now is None:
        now = time.time()
    remembered = token
    if team:
        team = team if is_token(token) else ""
        remembered = remembered_as(token, team)
    try:
        caller = callers.get(sha256(remembered.encode()).digest())  # `evict.digest`, without the cost of calling it
    except UnicodeEncodeError:
        decision_log.count(NOT_TEXT, decision_log.NOBODY, now)
        raise Refused(NOT_TEXT) from None
    if caller is not None and now < caller.fresh_until:
        return caller
    try:
        return caller_of(token, now, team)
    except Refused as refused:
        decision_log.count(refused.refusal, refused.of or decision_log.NOBODY, now)
        raise


def known(token: str, now: float, *, team: str = "") -> Caller | None:
    """`authenticate` as far as memory goes: None when the token must be looked up. Waits for nothing.

    Raises Refused (401) for what is turned away at sight.
    """
    if team and is_token(token):
        token = remembered_as(token, team)
    try:
        key = sha256(token.encode()).digest()
    except UnicodeEncodeError:
        return None
    caller = callers.get(key)  # the same look as in `authenticate`: one function for both took it a 25th longer
    if caller is not None and now < caller.fresh_until:
        return caller
    if is_master(token) or (refused := refused_at_sight(token, key, now)) is None:
        return None
    decision_log.count(refused.refusal, refused.of or decision_log.NOBODY, now)
    raise refused


def forget() -> None:
    """Forget callers, counters and calls in flight, as a process that has just started. For tests and benchmarks."""
    from gateway.admission import decide, meters, open_calls, purse
    from gateway.ledger.purse import guard
    from gateway.ledger.recording import begin_again

    evict.evict_all()
    with guard:
        decide.flying.clear()
        decide.overdue.clear()
        open_calls.begin_again()
        meters.forget_all()
    decision_log.forget_all()
    purse.forget_all()
    begin_again()
