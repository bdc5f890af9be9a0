"""The process in which the user's own functions are described and called.

Started as a script: `describe FILE` prints what the file holds; `call FILE NAME` reads arguments from
standard input and prints the result. Each prints one JSON object; whatever the file itself prints goes
to standard error.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, get_type_hints

import docstring_parser
import msgspec

_LONGEST: Final = 64
"""Characters of a tool's name, as the API has it."""


class MistakeError(Exception):
    """Something about a function that keeps it from being a tool."""


def main() -> None:
    """Does what the command line says."""
    what, path, *more = sys.argv[1:]
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)
        said = describe(path) if what == "describe" else call(path, more[0], sys.stdin.read())
        answer.write(json.dumps(said))


def describe(path: str) -> dict[str, Any]:
    """The file's tools, and what is wrong in which line."""
    try:
        module = _load(path)
    except BaseException as error:  # whatever a file does when it is loaded, SystemExit included
        return {"tools": [], "troubles": [_where(error, path)]}
    tools, troubles = [], []
    for name, function in _functions(module).items():
        try:
            tools.append(_record(name, function))
        except (MistakeError, NameError, TypeError) as error:
            line = inspect.getsourcelines(function)[1]
            troubles.append(f"line {line}: {name}: {error}")
    return {"tools": tools, "troubles": troubles}


def call(path: str, name: str, arguments: str) -> dict[str, Any]:
    """A function's result as text, or what went wrong in which line."""
    try:
        function = _functions(_load(path))[name]
        values = msgspec.convert(json.loads(arguments), _struct(name, function))
        given = {field: getattr(values, field) for field in values.__struct_fields__}
        result = function(**{field: value for field, value in given.items() if value is not msgspec.UNSET})
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
        return {"result": result if isinstance(result, str) else msgspec.json.encode(result).decode()}
    except BaseException as error:  # whatever the user's code raises, SystemExit included
        return {"error": _where(error, path)}


def _load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("llmhub_user_tools", path)
    if spec is None or spec.loader is None:
        raise MistakeError("this is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The public functions that are defined in the file itself."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    }


def _record(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    if len(name) > _LONGEST:
        raise MistakeError(f"its name is longer than {_LONGEST} characters")
    about = docstring_parser.parse(function.__doc__ or "")
    parts = [part for part in (about.short_description, about.long_description) if part]
    if not parts:
        raise MistakeError("it has no docstring, which tells the model what it does")
    schema = _schema(name, function)
    properties: dict[str, Any] = schema.get("properties", {})
    for parameter in about.params:
        if parameter.arg_name in properties and parameter.description:
            properties[parameter.arg_name].setdefault("description", parameter.description)
    return {"name": name, "description": "\n\n".join(parts), "schema": schema}


def _schema(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    """The JSON schema of a function's arguments, without a detour over `$ref` at its top."""
    whole = msgspec.json.schema(_struct(name, function))
    inner: dict[str, Any] = whole["$defs"].pop(name)
    inner.pop("title", None)
    for field, parameter in inspect.signature(function).parameters.items():
        if parameter.default is not inspect.Parameter.empty and _plain(parameter.default):
            inner["properties"][field]["default"] = parameter.default
    return inner | ({"$defs": whole["$defs"]} if whole["$defs"] else {})


def _plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def _struct(name: str, function: Callable[..., Any]) -> type[msgspec.Struct]:
    """A structure of the function's parameters; one that has a default may be left out."""
    hints = get_type_hints(function, include_extras=True)
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for field, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise MistakeError(f"its parameter {field} cannot be given by name")
        if field not in hints:
            raise MistakeError(f"its parameter {field} has no type")
        if parameter.default is inspect.Parameter.empty:
            fields.append((field, hints[field]))
        else:
            fields.append((field, hints[field] | msgspec.UnsetType, msgspec.UNSET))
    return msgspec.defstruct(name, fields, kw_only=True, forbid_unknown_fields=True)


def _where(error: BaseException, path: str) -> str:
    """The line of the file, and what went wrong there."""
    words = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, SyntaxError) and error.filename == path:
        return f"line {error.lineno}: {type(error).__name__}: {error.msg}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return f"line {lines[-1]}: {words}" if lines else words


if __name__ == "__main__":
    main()
