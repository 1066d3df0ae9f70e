"""One JSON line an event, with the request's id and without secrets."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = re.compile(r"sk-[A-Za-z0-9_-]{8,}|inv_[A-Za-z0-9]{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]+")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Blank whatever looks like a key or a token, wherever it stands in the line."""
    return {name: SECRET.sub("[secret]", value) if isinstance(value, str) else value for name, value in event.items()}


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def formatter() -> logging.Formatter:
    """The formatter for `LOGGING`; also sends structlog's own loggers through it."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(),
        ],
    )
