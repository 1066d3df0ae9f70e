"""One view for every path of the table: authenticate, take either spelling, check, call, answer."""

import pydantic
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems, view
from api.context import named_by
from api.litellm import presets
from api.llmariner import envelopes
from api.llmariner.schema import OperationSchema
from api.llmariner.words import snaked
from api.parser import parameters
from rbacadmin.errors import Duplicate
from rbacadmin.service import refuse_duplicate


class OperationView(view.TableView):
    """The view of one path of this dialect. Every success is 200."""

    door = "llmariner"
    schema = OperationSchema()

    def handle(self, request: Request, **ids: str) -> HttpResponseBase:
        route = self.routes[request.method or "GET"]
        actor = view.actor_of(request)
        presets.require_route(actor, route.path, route.action)
        try:
            body = route.request.model_validate({**snaked(parameters(request)), **named_by(request), **ids})
        except pydantic.ValidationError as error:
            return envelopes.unfit(error)
        try:
            return Response(route.call(actor, body))
        except Duplicate as duplicate:
            refuse_duplicate(actor, duplicate)
            raise

    def handle_exception(self, exc: Exception) -> Response:
        """Every refusal in the dialect's envelope."""
        route = self.routes.get(self.request.method or "", self.route)
        known = problems.problem_of(exc, names=route.names, duplicate_status=route.duplicate_status)
        response = envelopes.response(known or problems.crashed(exc, self.request), exc)
        response.exception = True
        return response
