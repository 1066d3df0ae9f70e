"""The routes of models."""

from api.litellm.models import answers, asks, calls, openai
from api.litellm.route import DETAIL, ERROR, GET, POST, READS, UPDATES, Route
from api.types import Request
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/model/new", POST, Do.ADD_TEAM_MODELS, asks.ModelNew, answers.ModelRow, calls.new, ERROR,
          "Add a model: the platform's, or with `model_info.team_id` a team's own"),
    Route("/model/update", UPDATES, Do.ADD_TEAM_MODELS, asks.ModelUpdate, answers.ModelRow, calls.update, ERROR,
          "Change a model: what is left out is kept, null clears"),
    Route("/model/{model_id}/update", ("PATCH", "POST"), Do.ADD_TEAM_MODELS, asks.ModelUpdateInPath, answers.ModelRow,
          calls.update_in_path, ERROR, "The same, with the model in the path"),
    Route("/model/delete", ("POST", "DELETE"), Do.ADD_TEAM_MODELS, asks.ModelById, answers.ModelDeleted, calls.delete,
          ERROR, "Delete a model"),
    Route("/model/block", POST, Do.ADD_TEAM_MODELS, asks.ModelNamed, answers.ModelRow, calls.block, DETAIL,
          "Stop all calls of a model"),
    Route("/model/unblock", POST, Do.ADD_TEAM_MODELS, asks.ModelNamed, answers.ModelRow, calls.unblock, DETAIL,
          "Let a model be called again"),
    Route("/model/info", GET, Do.VIEW_MODELS, asks.ModelFilter, answers.Models, calls.info, ERROR,
          "The models that you may use; how they are called, for those who run them"),
    Route("/v1/model/info", GET, Do.VIEW_MODELS, asks.ModelFilter, answers.Models, calls.info, ERROR,
          "The same"),
    Route("/v2/model/info", READS, Do.VIEW_MODELS, asks.ModelPage, answers.ModelPage, calls.list_page, ERROR,
          "Models, page by page", "page_size"),
    Route("/model_group/info", GET, Do.VIEW_MODELS, Request, answers.ModelGroups, calls.groups, ERROR,
          "The models that you may use, by name"),
    Route("/models", GET, Do.VIEW_MODELS, asks.ModelNames, answers.ModelNames, openai.names, ERROR,
          "The names of the models that you may use, as OpenAI lists them"),
    Route("/v1/models", GET, Do.VIEW_MODELS, asks.ModelNames, answers.ModelNames, openai.names, ERROR, "The same"),
    Route("/models/{model_id}", GET, Do.VIEW_MODELS, asks.ModelName, answers.ModelName, openai.name, ERROR,
          "One name", deep=True),
    Route("/v1/models/{model_id}", GET, Do.VIEW_MODELS, asks.ModelName, answers.ModelName, openai.name, ERROR,
          "One name", deep=True),
)
# fmt: on
