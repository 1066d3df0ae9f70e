"""What goes wrong between us and a provider, in words that a caller may read: no address, no credential."""

from collections.abc import Iterable, Mapping
from typing import Any

from rbacadmin.logs import SECRET

LONGEST = 1000
SHORTEST_SECRET = 4  # what is shorter would blank half of any sentence
# Of the provider's own refusals these mean the caller's request; the rest means us, or the provider.
THE_CALLERS = frozenset({400, 409, 413, 415, 422})


class UpstreamFailure(Exception):
    """A call that the provider did not answer. `status` is what our caller gets; `retry_after` is in seconds."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "upstream_error",
        code: str | None = None,
        param: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.retry_after = retry_after


def refused(status: int, headers: Mapping[str, str], body: Any, hidden: Iterable[str]) -> UpstreamFailure:
    """The failure behind a status that is no success. `hidden` are texts that no caller may read."""
    if status in THE_CALLERS:
        error = body.get("error") if isinstance(body, dict) else None
        found = error if isinstance(error, dict) else {"message": error}
        message = words(found.get("message"), hidden) or "The provider did not accept the request."
        return UpstreamFailure(
            status,
            message,
            kind="invalid_request_error",
            code=word(found.get("code")),
            param=word(found.get("param")),
        )
    if status in (408, 429):
        wait = seconds(headers.get("retry-after", ""))
        return UpstreamFailure(429, "The provider takes no more calls now.", kind="rate_limit_error", retry_after=wait)
    if status in (401, 403):
        return UpstreamFailure(502, "The provider refused the credential of this model.")
    if status == 404:
        return UpstreamFailure(502, "The provider does not have what this model names.")
    if 300 <= status < 400:
        return UpstreamFailure(502, "The provider answered with a redirect, which is not followed.")
    if status == 503:
        wait = seconds(headers.get("retry-after", ""))
        return UpstreamFailure(503, "The provider is not available.", retry_after=wait)
    return UpstreamFailure(502, f"The provider failed with status {status}.")


def words(text: Any, hidden: Iterable[str]) -> str:
    """A provider's sentence without secrets and without what it is called and where it is."""
    if not isinstance(text, str):
        return ""
    for secret in sorted(hidden, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "[hidden]")
    return SECRET.sub("[secret]", text)[:LONGEST]


def word(value: Any) -> str | None:
    """A provider's code or parameter name, when it is one."""
    fits = isinstance(value, str) and len(value) <= 64 and value.replace("_", "").replace(".", "").isalnum()
    return str(value) if fits else None


def seconds(text: str) -> int | None:
    """`Retry-After` in seconds, at most a day; its form as a date is rare and left out."""
    return min(int(text), 86_400) if text.isascii() and text.isdecimal() and len(text) < 9 else None
