"""Holds arguments against a tool's JSON schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def schema_problem(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Why the arguments are not what the schema asks for; empty where they are.

    A schema may come from a stranger: nothing that it refers to is fetched, and one that is none
    itself is a problem of every call.
    """
    from jsonschema.exceptions import SchemaError, best_match  # 150 ms, at the first call of a tool
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(dict(schema))
        error = best_match(kind(dict(schema), registry=Registry()).iter_errors(dict(arguments)))
    except SchemaError as wrong:
        return f"the tool's own schema is wrong: {wrong.message}"
    except (Unresolvable, RecursionError) as wrong:
        return f"the tool's own schema cannot be used: {wrong}"
    if error is None:
        return ""
    path = ".".join(str(part) for part in error.absolute_path)
    return f"{path}: {error.message}" if path else str(error.message)
