"""What the changing and deleting routes accept: LiteLLM's names, our bounds."""

from pydantic.json_schema import SkipJsonSchema

from api.litellm.requests import KeyFields
from api.litellm.types import Duration, Ident, Text


class Rotation(KeyFields):
    """A new secret, and changes along with it. For `grace_period` the old secret keeps working."""

    grace_period: Duration | None = None
    new_key: Text | None = None


class KeyRegenerate(Rotation):
    key: Ident


class KeyRegenerateInPath(Rotation):
    """The key stands in the path."""

    key: SkipJsonSchema[Ident]
