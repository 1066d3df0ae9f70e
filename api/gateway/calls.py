"""What a proxy says of the call that it holds: the token, the route, the model, and how many tokens it may take."""

import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from rest_framework.exceptions import ParseError

from api.gateway.paths import Address, Unclear, address_asked
from api.parser import MAX_BODY, parse
from gateway.upstream.counting import most_prompt_tokens

Environ = Mapping[str, Any]

# Besides Authorization: what LiteLLM's, Azure's and Anthropic's clients send.
TOKEN_HEADERS = ("HTTP_X_LITELLM_API_KEY", "HTTP_API_KEY", "HTTP_X_API_KEY")
MAX_TOKEN = 4096  # longer than any key or JWT that we accept
MODEL = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")  # what a header can carry back
MOST_TOKENS = 10_000_000
MOST_CHOICES = 128
# With these a router that stands behind the proxy would call models that nobody was asked about.
OTHER_MODELS = ("models", "fallbacks", "context_window_fallbacks", "content_policy_fallbacks")
NOTHING_WRITTEN = ("/embeddings", "/moderations", "/rerank")  # routes whose answers hold no tokens


class Call(NamedTuple):
    """A call that asks for admission. Tokens are an upper bound as far as the call says one, else an estimate.

    `lists`: it lists models and calls none. `answers`: how many it asks for without saying how long they may be.
    """

    route: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    lists: bool = False
    answers: int = 0


def token_of(environ: Environ) -> str:
    """The key or JWT that the headers carry; empty when there is none, or junk."""
    given: str = environ.get("HTTP_AUTHORIZATION", "")
    token = given[7:].strip() if given.startswith("Bearer ") or given[:7].lower() == "bearer " else ""
    if not token:
        for header in TOKEN_HEADERS:
            if found := environ.get(header, "").strip().removeprefix("Bearer "):
                token = found
                break
    return token if len(token) <= MAX_TOKEN else ""


def call_asked(environ: Environ, path: str, prefix: str, header: str) -> Call:
    """The call behind a question at this path of ours. Raises Unclear (400): two models, or an unclear address.

    Its address stands behind ours at `prefix`, else in the one header that this proxy sets itself. No other header is
    looked at: what a proxy does not set, a caller may. Where nothing but the address and X-Model describes the call, it
    is read once and remembered for all that look alike: that is what most proxies send.
    """
    beside: str = environ.get("QUERY_STRING", "") if path.startswith(prefix) else environ.get(header) or ""
    named: str = environ.get("HTTP_X_MODEL", "")
    body = environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in environ
    if not body and "HTTP_X_PROMPT_TOKENS" not in environ and "HTTP_X_COMPLETION_TOKENS" not in environ:
        return usual(path, prefix, beside, named)
    address = address_asked(path, prefix, beside)
    if address.lists:
        return listed(address)
    if body:
        return call_with_body(environ, address, body_of(environ))
    return Call(address.route, model_of(address.model, named), *hints(environ, address.route))


@lru_cache(maxsize=4096)
def usual(path: str, prefix: str, beside: str, named: str) -> Call:
    """A call of which only the address and a header are known. Raises Unclear."""
    address = address_asked(path, prefix, beside)
    if address.lists:
        return listed(address)
    return Call(address.route, model_of(address.model, named), *hints({}, address.route))


def listed(address: Address) -> Call:
    """A list of models."""
    return Call(address.route, "", 0, 0, lists=True)


def call_with_body(environ: Environ, address: Address, body: Mapping[str, Any]) -> Call:
    """The same where the proxy sends the call's own body along."""
    named = body.get("model", "")
    if not isinstance(named, str):
        raise Unclear("The model in the body is not a text.")
    model = model_of(address.model, environ.get("HTTP_X_MODEL", ""), named)
    _, written = hints(environ, address.route)
    limits = [body.get(name) for name in ("max_completion_tokens", "max_tokens", "max_output_tokens")]
    given = [limit for limit in limits if type(limit) is int and limit >= 0]
    choices = body.get("n")
    times = min(choices, MOST_CHOICES) if type(choices) is int and choices > 0 else 1
    most = min((max(given) if given else written) * times, MOST_TOKENS)
    is_open = not any(given) and written and "HTTP_X_COMPLETION_TOKENS" not in environ
    sent = min(most_prompt_tokens(body), MOST_TOKENS)
    return Call(address.route, model, sent, most, answers=times if is_open else 0)


def model_of(*names: str) -> str:
    """The one model that path, header and body name. Raises Unclear when they name none, or different ones.

    Which of two the upstream would take, we cannot know: admitting the cheap one would let the dear one through.
    """
    found = ""
    for name in names:
        if name and found and name != found:
            raise Unclear("The path, the X-Model header and the body name different models.")
        found = found or name
    if found and not MODEL.fullmatch(found):
        raise Unclear("The name of the model holds characters that no header can carry.")
    return found


def body_of(environ: Environ) -> dict[str, Any]:
    """What was sent along, by names: JSON, whatever it is called, or a form. Raises Unclear.

    A body that we cannot read may name another model than the header does, and some upstreams would read it.
    """
    if environ.get("HTTP_X_ENVOY_AUTH_PARTIAL_BODY", "").lower() == "true":
        raise Unclear("Only a part of the body was sent along.")
    content = content_of(environ)
    kind = environ.get("CONTENT_TYPE", "")
    try:
        found = form_of(kind, content) if kind.lower().startswith("multipart/") else parse(content)
    except ParseError as error:
        raise Unclear(str(error.detail)) from None
    if other := next((name for name in OTHER_MODELS if found.get(name)), ""):
        raise Unclear(f"The body names other models in '{other}'.")
    if any(name != "model" and name.casefold() == "model" for name in found):
        raise Unclear("The body names a model in letters that some servers read as 'model', too.")
    return found


def content_of(environ: Environ) -> bytes:
    """The bytes of the body; one that comes in chunks does not say how many. Raises Unclear."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or MAX_BODY + 1)
    except ValueError:
        length = -1
    content: bytes = environ["wsgi.input"].read(min(length, MAX_BODY + 1)) if length >= 0 else b""
    if length < 0 or len(content) > MAX_BODY:
        raise Unclear(f"The body is larger than {MAX_BODY} bytes.")
    return content


def form_of(kind: str, content: bytes) -> dict[str, Any]:
    """The fields of a form, without its files. Raises Unclear."""
    told = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(content))}
    try:
        fields, _files = MultiPartParser(told, BytesIO(content), [WithoutFiles()]).parse()
    except (MultiPartParserError, SuspiciousOperation):
        raise Unclear("The form cannot be read.") from None
    if any(len(values) > 1 for name, values in fields.lists() if name.casefold() == "model"):
        raise Unclear("The form names the model twice.")
    return fields.dict()


class WithoutFiles(FileUploadHandler):
    """Passes over files: what they hold decides nothing."""

    def new_file(self, *_args: Any, **_more: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, _raw: bytes, _start: int) -> None:
        return None

    def file_complete(self, _size: int) -> None:
        return None


def hints(environ: Environ, route: str) -> tuple[int, int]:
    """How many tokens go in and come out when nobody knows: the proxy's own words, else the settings."""
    sent, written = environ.get("HTTP_X_PROMPT_TOKENS"), environ.get("HTTP_X_COMPLETION_TOKENS")
    most = 0 if route.endswith(NOTHING_WRITTEN) else settings.ESTIMATED_COMPLETION_TOKENS
    if sent is None and written is None:
        return settings.ESTIMATED_PROMPT_TOKENS, most
    return count_of(sent, settings.ESTIMATED_PROMPT_TOKENS), count_of(written, most)


def count_of(text: str | None, otherwise: int) -> int:
    """A number of tokens from a header. Raises Unclear."""
    if text is None:
        return otherwise
    if not text.isdecimal() or len(text) > 8 or int(text) > MOST_TOKENS:
        raise Unclear("X-Prompt-Tokens and X-Completion-Tokens are whole numbers of tokens.")
    return int(text)
