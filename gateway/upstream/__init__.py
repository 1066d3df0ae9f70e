"""Calls of providers: forwarded to any that speaks OpenAI's protocol, or answered by the mock."""

from gateway.upstream.client import complete, stream
from gateway.upstream.counting import Usage, estimated, most_prompt_tokens, spoken, usage_in
from gateway.upstream.errors import UpstreamFailure
from gateway.upstream.metering import Metered, Status
from gateway.upstream.targets import Deployment, Target, target_of

__all__ = [
    "Deployment",
    "Metered",
    "Status",
    "Target",
    "UpstreamFailure",
    "Usage",
    "complete",
    "estimated",
    "most_prompt_tokens",
    "spoken",
    "stream",
    "target_of",
    "usage_in",
]
