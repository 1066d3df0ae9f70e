"""The other gateway, over HTTP: GETs of JSON with time and size limits, and never a redirect."""

import json
import time
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

TIMEOUT = 30.0  # seconds without a sign of life
LONGEST = 300.0  # seconds for one answer, however slowly it drips
LARGEST = 128 * 1_048_576
TRIES, MOST_PATIENT = 3, 30.0  # seconds; how long a gateway that asks for patience is waited for
BUSY = (429, 502, 503, 504)


class SourceFailed(Exception):
    """The other gateway did not give what was asked for. `status` is 0 where it gave no answer. Holds no key."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Source:
    """A gateway that is read. Its key goes into one header and nowhere else."""

    def __init__(self, url: str, key: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SourceFailed("Name the gateway by an http:// or https:// address.")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise SourceFailed("The address holds the place only: no password, no query.")
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise SourceFailed("The key of the gateway is empty, or holds what no header can carry.")
        self.base, self.key = url.rstrip("/"), key
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", "User-Agent": "rbacadmin"}
        self.client = httpx2.Client(headers=headers, timeout=timeout, follow_redirects=False)

    @property
    def is_in_the_clear(self) -> bool:
        """Whether the key crosses a network unencrypted."""
        parts = urlsplit(self.base)
        return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    def get(self, path: str, **query: Any) -> Any:
        """The JSON at a path. Asked again, a few times, while the gateway is busy. Raises SourceFailed."""
        for attempt in range(1, TRIES + 1):
            status, headers, content = self.once(path, query)
            if status not in BUSY or attempt == TRIES:
                break
            time.sleep(min(seconds(headers.get("retry-after", ""), attempt), MOST_PATIENT))
        if 300 <= status < 400:
            raise SourceFailed(f"{path} answers with a redirect; name the address that it leads to.", status)
        if status != 200:
            raise SourceFailed(f"{path} answers {status}: {self.said(content)}", status)
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise SourceFailed(f"{path} does not answer JSON.", status) from None

    def once(self, path: str, query: dict[str, Any]) -> tuple[int, Any, bytes]:
        until = time.monotonic() + LONGEST
        parts, size = [], 0
        try:
            with self.client.stream("GET", self.base + path, params=query) as answer:
                for part in answer.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > LARGEST:
                        raise SourceFailed(f"{path} answers more than {LARGEST >> 20} MB.")
                    if time.monotonic() > until:
                        raise SourceFailed(f"{path} takes longer than {LONGEST:g} seconds.")
                return answer.status_code, answer.headers, b"".join(parts)
        except httpx2.TimeoutException:
            raise SourceFailed(f"{path}: no answer in time.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise SourceFailed(f"{path}: {type(error).__name__}: {self.hidden(str(error))}") from None

    def said(self, content: bytes) -> str:
        """The beginning of an answer that is an error, without the key, should it hold it."""
        return " ".join(self.hidden(content[:2000].decode("utf-8", "replace")).split())[:300]

    def hidden(self, text: str) -> str:
        return text.replace(self.key, "***")


def seconds(retry_after: str, attempt: int) -> float:
    return float(retry_after) if retry_after.isdigit() else float(attempt)
