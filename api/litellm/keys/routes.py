"""The routes of keys."""

from api.litellm.keys import answers, asks, bulk, calls, listing, rotation
from api.litellm.route import DELETES, DETAIL, ERROR, GET, POST, READS, UPDATES, WIRE, Route
from rbacadmin.policy import Action as Do

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/key/generate", POST, Do.CREATE_KEYS, asks.KeyNew, answers.KeyCreated, calls.generate, ERROR,
          "Make a key; its secret is shown here and never again"),
    Route("/key/service-account/generate", POST, Do.CREATE_SERVICE_KEYS, asks.KeyNew, answers.KeyCreated,
          calls.generate_service, DETAIL, "Make a service account's key in a team or project"),
    Route("/key/info", GET, Do.VIEW_KEYS, asks.KeyOrOwn, answers.KeyInfo, calls.info, ERROR,
          "A key by its secret, hash or id; or your own"),
    Route("/key/limits", GET, Do.VIEW_KEYS, asks.KeyOrOwn, answers.KeyLimits, calls.limits, ERROR,
          "Which level binds the calls of a key, and with what"),
    Route("/key/health", READS, Do.CHECK_KEYS, asks.KeyOrOwn, answers.KeyHealth, calls.health, DETAIL,
          "Whether a key opens anything now"),
    Route("/key/list", READS, Do.LIST_KEYS, asks.KeyPage, answers.Keys, listing.list_page, ERROR,
          "The keys that you may list", "size"),
    Route("/key/aliases", READS, Do.LIST_KEYS, asks.KeyAliasPage, answers.KeyAliases, listing.aliases, ERROR,
          "The names of the keys that you may list", "size"),
    Route("/v2/key/info", POST, Do.VIEW_KEYS, asks.KeysNamed, answers.KeyInfos, listing.infos, ERROR,
          "Several keys at once; what you cannot see is left out"),
    Route("/key/bulk_update", POST, Do.UPDATE_KEYS, asks.KeysUpdate, answers.KeysUpdated, bulk.update, DETAIL,
          "Change several keys, each by itself"),
    Route("/team/key/bulk_update", POST, Do.UPDATE_KEYS, asks.TeamKeysUpdate, answers.KeysUpdated,
          bulk.update_in_team, DETAIL, "Change keys of a team alike, each by itself", wire=WIRE["key"]),
    Route("/key/update", UPDATES, Do.UPDATE_KEYS, asks.KeyUpdate, answers.KeyUpdated, calls.update, ERROR,
          "Change a key: what is left out is kept, null clears"),
    Route("/key/delete", DELETES, Do.DELETE_KEYS, asks.KeysNamed, answers.KeysDeleted, calls.delete, ERROR,
          "Delete keys: all of them or none"),
    Route("/key/regenerate", POST, Do.REGENERATE_KEYS, asks.KeyRegenerate, answers.KeyCreated,
          rotation.regenerate, ERROR, "Give a key a new secret; it is shown here and never again"),
    Route("/key/{key}/regenerate", POST, Do.REGENERATE_KEYS, asks.KeyRegenerateInPath, answers.KeyCreated,
          rotation.regenerate, ERROR, "The same, with the key in the path"),
    Route("/key/block", POST, Do.BLOCK_KEYS, asks.KeyNamed, answers.KeyRow, calls.block, DETAIL, "Block a key"),
    Route("/key/unblock", POST, Do.UNBLOCK_KEYS, asks.KeyNamed, answers.KeyRow, calls.unblock, DETAIL, "Lift a block"),
)
# fmt: on
