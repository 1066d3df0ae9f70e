"""What goes wrong, and the exit codes by which scripts tell it. docs/rbacctl.md lists them for people."""

from enum import IntEnum
from typing import Any

from rbacctl.words import ROLE, word


class Code(IntEnum):
    """Exit codes. 2 is also what a mistyped command line gives."""

    NO = 1  # `can` says no, or a question was answered with no
    USAGE = 2
    SIGNED_OUT = 3
    FORBIDDEN = 4
    NOT_FOUND = 5
    CONFLICT = 6
    REFUSED = 7  # the server does not take the value
    LATER = 8  # no answer, too many requests, or the server's own fault: the same may work later


CODES = {401: Code.SIGNED_OUT, 403: Code.FORBIDDEN, 404: Code.NOT_FOUND, 409: Code.CONFLICT, 429: Code.LATER}


class Failure(Exception):
    """A command ends here, with words for stderr and an exit code. `answer` is the server's, where it gave one."""

    def __init__(self, words: str, code: Code, answer: Any = None) -> None:
        super().__init__(words)
        self.code, self.answer = code, answer


def refusal(status: int, body: Any, request: str = "") -> Failure:
    """The failure behind an answer that is no success, in any of the server's dialects."""
    code = CODES.get(status, Code.LATER if status >= 500 else Code.REFUSED)
    words = ROLE.sub(lambda found: word(found[0]), words_of(body)) or f"The server answered {status}."
    if status == 401:
        words = f"{words} Sign in again: rbacctl auth login"
    if status >= 500 and request:
        words = f"{words} (request {request})"
    return Failure(words, code, body)


def words_of(body: Any) -> str:
    """What an error says: `error.message`, `message`, `detail`, or the list of what does not fit."""
    if isinstance(body, str):
        return body.strip()[:500]
    if isinstance(body, list):
        return "; ".join(filter(None, map(words_of, body)))
    if not isinstance(body, dict):
        return ""
    if "loc" in body and "msg" in body:
        return f"{'.'.join(map(str, body['loc'][1:]))}: {body['msg']}"
    return next((words for name in ("error", "message", "detail") if (words := words_of(body.get(name)))), "")
