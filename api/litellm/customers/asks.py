"""What the customer routes accept: LiteLLM's names, our bounds."""

from typing import Annotated, Literal

from pydantic import Field

from api.litellm.types import Amount, Limits
from api.types import Ident, Idents, Named, Request, Text

Region = Literal["eu", "us"]


class CustomerFields(Limits):
    alias: Text | None = None
    blocked: bool | None = None
    budget_id: Ident | None = None
    allowed_model_region: Region | None = None
    default_model: Named | None = None


class CustomerNew(CustomerFields):
    """`user_id` is what calls for this customer carry in their field `user`."""

    user_id: Ident


class CustomerUpdate(CustomerFields):
    user_id: Ident
    spend: Amount | None = None


class CustomerNamed(Request):
    end_user_id: Ident


class CustomersNamed(Request):
    user_ids: Annotated[Idents, Field(min_length=1)]
