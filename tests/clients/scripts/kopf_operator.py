"""An operator, written with kopf, that follows associations from their making to their end."""

import asyncio
import json
import sys
import threading
import time

import kopf
from kubernetes import client

GROUP, VERSION, NAMESPACE, PLURAL = "auth.litellm.ai", "v1alpha1", "litellm", "teams"
url, key = sys.argv[1:3]
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


def until(what):
    """Wait until the operator has seen this, at most twenty seconds."""
    end = time.monotonic() + 20
    while not any(one[0] == what for one in seen) and time.monotonic() < end:
        time.sleep(0.1)


thread = threading.Thread(target=operate)
thread.start()
ready.wait(20)
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
until("created")
time.sleep(1)
status = api.get_namespaced_custom_object(*here, "operated")["status"]
api.patch_namespaced_custom_object(*here, "operated", {"spec": {"rpmLimit": 5}})
until("updated")
finalizers = api.get_namespaced_custom_object(*here, "operated")["metadata"].get("finalizers")
api.delete_namespaced_custom_object(*here, "operated")
until("deleted")
end = time.monotonic() + 20
left = True
while left and time.monotonic() < end:
    names = [one["metadata"]["name"] for one in api.list_namespaced_custom_object(*here)["items"]]
    left = "operated" in names
    time.sleep(0.1)
stop.set()
thread.join(20)
print(json.dumps({"seen": seen, "note": status.get("note"), "finalizers": finalizers, "left": left}))
