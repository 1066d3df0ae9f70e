"""/spend/calculate: what a call would cost."""

from django.core.exceptions import ValidationError

from api.litellm.shown import Row
from api.litellm.spend import asks
from api.litellm.spend.shapes import dollars
from gateway.prices import cost, estimated_tokens, priced_model
from rbacadmin.policy import Actor


def calculate(actor: Actor, body: asks.Calculate) -> Row:
    """What a call costs by the catalog's prices.

    Of an answer the provider's own count is taken; of messages the tokens are estimated, one for four bytes of text
    and four for each message, and nothing is added for the answer to come.
    """
    answer = body.completion_response
    name = body.model or (answer.model if answer else None)
    if not name:
        raise ValidationError({"model": "Name a model."})
    if answer is None and body.messages is None:
        raise ValidationError({"messages": "Send messages, or a completion_response."})
    model = priced_model(actor, name)
    if answer is not None:
        return {"cost": dollars(cost(model, answer.usage.prompt_tokens, answer.usage.completion_tokens))}
    return {"cost": dollars(cost(model, estimated_tokens(body.messages or [])))}
