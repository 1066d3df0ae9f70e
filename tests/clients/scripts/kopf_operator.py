"""An operator, written with kopf, that follows associations from their making to their end."""

import asyncio
import json
import logging
import sys
import threading
import time

import kopf
from kubernetes import client

GROUP, VERSION, NAMESPACE, PLURAL = "auth.litellm.ai", "v1alpha1", "litellm", "teams"
url, key = sys.argv[1:3]
logging.basicConfig(format="%(asctime)s %(name)s %(message)s")  # on stderr: what the operator did, should the test fail
logging.getLogger("kopf").setLevel(logging.DEBUG)
seen = []


@kopf.on.startup()
def start(settings, **_):
    settings.posting.enabled = True


@kopf.on.login()
def login(**_):
    return kopf.ConnectionInfo(server=url, scheme="Bearer", token=key)


@kopf.on.create(GROUP, VERSION, PLURAL)
def created(name, patch, **_):
    seen.append(["created", name])
    patch.status["note"] = "seen"
    return {"done": True}


@kopf.on.update(GROUP, VERSION, PLURAL)
def updated(name, diff, **_):
    seen.append(["updated", name, [list(change[1]) for change in diff]])


@kopf.on.delete(GROUP, VERSION, PLURAL)
def deleted(name, **_):
    seen.append(["deleted", name])


stop, ready = threading.Event(), threading.Event()


def operate():
    asyncio.run(kopf.operator(namespaces=[NAMESPACE], stop_flag=stop, ready_flag=ready, standalone=True))


def until(true):
    """Wait until it is so, at most thirty seconds; whether it is."""
    end = time.monotonic() + 30
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def has_seen(what):
    return lambda: any(one[0] == what for one in seen)


def note():
    """What the operator has written into the status."""
    return api.get_namespaced_custom_object(*here, "operated")["status"].get("note")


def is_gone():
    return "operated" not in {one["metadata"]["name"] for one in api.list_namespaced_custom_object(*here)["items"]}


thread = threading.Thread(target=operate)
thread.start()
ready.wait(30)
configuration = client.Configuration(host=url)
configuration.api_key = {"authorization": f"Bearer {key}"}
api = client.CustomObjectsApi(client.ApiClient(configuration))
here = (GROUP, VERSION, NAMESPACE, PLURAL)
body = {
    "apiVersion": f"{GROUP}/{VERSION}",
    "kind": "Team",
    "metadata": {"name": "operated"},
    "spec": {"teamAlias": "operated"},
}
api.create_namespaced_custom_object(*here, body)
until(has_seen("created"))
noted = until(note)
api.patch_namespaced_custom_object(*here, "operated", {"spec": {"rpmLimit": 5}})
until(has_seen("updated"))
finalizers = api.get_namespaced_custom_object(*here, "operated")["metadata"].get("finalizers")
api.delete_namespaced_custom_object(*here, "operated")
until(has_seen("deleted"))
left = not until(is_gone)
stop.set()
thread.join(30)
print(json.dumps({"seen": seen, "note": noted, "finalizers": finalizers, "left": left}))
