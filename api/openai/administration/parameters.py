"""What a request says: a POST in its body, everything else in its query, written as OpenAI's clients write it."""

import re
from typing import Any

from rest_framework.request import Request

NESTED = re.compile(r"^(\w+)\[(\w+)\]$")


def given(request: Request) -> dict[str, Any]:
    """`x[]=a&x[]=b` is a list, `x[gte]=1` an object; an empty parameter is one that was not given."""
    if request.method == "POST":
        return dict(request.data)
    found: dict[str, Any] = {}
    for name, values in request.query_params.lists():
        kept = [value for value in values if value]
        if not kept:
            continue
        if name.endswith("[]"):
            found.setdefault(name[:-2], []).extend(kept)
        elif inner := NESTED.match(name):
            part = found.setdefault(inner[1], {})
            if isinstance(part, dict):
                part[inner[2]] = kept[-1]
        else:
            found[name] = kept if len(kept) > 1 else kept[0]
    return found
