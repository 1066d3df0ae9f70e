"""Values that a field must refuse, from its JSON schema. Nobody lists fields here: a new one is covered as it comes."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

NUMBERS = {"integer", "number"}
LONG = "x" * 5000


def fields_of(model: type[BaseModel]) -> dict[str, list[dict[str, Any]]]:
    """What each field may be: one schema for each alternative."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: list(alternatives(part, definitions)) for name, part in schema.get("properties", {}).items()}


def alternatives(part: dict[str, Any], definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in part:
        yield from alternatives(definitions[part["$ref"].rsplit("/", 1)[-1]], definitions)
    elif "anyOf" in part:
        for option in part["anyOf"]:
            yield from alternatives(option, definitions)
    else:
        yield part


def bad_values(options: list[dict[str, Any]]) -> list[Any]:
    """What fits none of the alternatives: of another type, too long, too large, or too small."""
    types = {option.get("type", "string" if "enum" in option else "any") for option in options}
    if "any" in types:
        return []
    found: list[Any] = []
    if not types & NUMBERS:
        found += [7, 1.5]
    if not types & {*NUMBERS, "boolean"}:
        found += [True]
    if "array" not in types:
        found += [[], ["x", "y"]]
    if "object" not in types:
        found += [{}, {"$ne": 1}]
    if "string" not in types:
        found += ["abc", "", "NaN", "Infinity", "-Infinity", "' OR 1=1 --"]
    if "null" not in types:
        found += [None]
    for option in options:
        found += beyond(option, types)
    return found


def beyond(option: dict[str, Any], types: set[str]) -> list[Any]:
    """What is of the right type and beyond the bounds."""
    match option.get("type"):
        case "integer" | "number" as kind:
            found: list[Any] = [10**30, 1e300, 10**400] if "string" not in types else []
            found += [option["minimum"] - 1, -(10**18)] if "minimum" in option and "string" not in types else []
            return [*found, *([1.5, "1.5"] if kind == "integer" and not types & {"number", "string"} else [])]
        case "string" if "enum" in option or "const" in option:
            return ["no such thing", LONG]
        case "string":
            return [*([LONG] if "maxLength" in option else []), *([""] if option.get("minLength") else [])]
        case "array":
            inner = option.get("items", {})
            wrong = [[7], [None], [[[]]]] if inner.get("type") == "string" else []
            return [*wrong, *([["x"] * (option["maxItems"] + 1)] if "maxItems" in option else [])]
        case "object" if "maxProperties" in option:
            return [{str(number): 1 for number in range(option["maxProperties"] + 1)}]
    return []
