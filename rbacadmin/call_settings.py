"""What an installation says of calls of models, as a part of Django's settings."""

from rbacadmin import money
from rbacadmin.conf import conf

BUDGET_EXCEEDED_STATUS: int = conf.budget_exceeded_status
ESTIMATED_PROMPT_TOKENS: int = conf.estimated_prompt_tokens
ESTIMATED_COMPLETION_TOKENS: int = conf.estimated_completion_tokens
FORWARD_AUTH_SECONDS: int = conf.forward_auth_seconds
FORWARD_AUTH_CALLS: int = conf.forward_auth_calls
MODEL_ROUTES: list[str] = conf.model_routes
SHARE_OF_A_KEY: int = conf.share_of_a_key  # percent
SHARE_OF_AN_ORGANIZATION: int = conf.share_of_an_organization
HIGHEST_PRICE: int = money.to_nano(conf.highest_price_per_token * money.PER_TOKENS)  # nano-dollars per million tokens
MOST_NAMES_A_DAY: int = conf.most_names_a_day
MOST_MODELS_A_DAY: int = conf.most_models_a_day
