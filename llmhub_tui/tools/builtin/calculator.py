"""Arithmetic by walking the expression's tree: nothing is evaluated that is not listed here."""

from __future__ import annotations

import ast
import cmath
import math
import operator
from collections.abc import Callable
from typing import Any, Final

from llmhub_tui.tools.tool import Arguments, Tool, ToolError

Number = int | float | complex
_LONGEST: Final = 2_000
"""Characters of an expression."""
_DEEPEST: Final = 60
_MOST_BITS: Final = 20_000
"""Size of an integer; about 6,000 digits."""
_LARGEST_FACTORIAL: Final = 2_000


def _limited_factorial(number: int) -> int:
    if number > _LARGEST_FACTORIAL:
        raise ToolError(f"factorial: {number} is more than {_LARGEST_FACTORIAL}")
    return math.factorial(number)


def _limited_comb(number: int, chosen: int) -> int:
    if number > _LARGEST_FACTORIAL:
        raise ToolError(f"comb: {number} is more than {_LARGEST_FACTORIAL}")
    return math.comb(number, chosen)


_NAMES: Final[dict[str, Number]] = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "i": 1j}
_FROM_MATH: Final = (
    *("sqrt", "cbrt", "exp", "log", "log2", "log10", "hypot", "isqrt", "gcd", "lcm"),
    *(
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "atan2",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
    ),
    *("degrees", "radians", "floor", "ceil", "trunc"),
)
_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {name: getattr(math, name) for name in _FROM_MATH} | {
    "abs": abs,
    "round": round,
    "min": min,
    "max": max,
    "sum": lambda *numbers: sum(numbers),
    "factorial": _limited_factorial,
    "comb": _limited_comb,
    "csqrt": cmath.sqrt,
}


def _power(base: Number, exponent: Number) -> Number:
    exact = isinstance(base, int) and isinstance(exponent, int)
    if exact and abs(exponent) * max(1, int(base.real).bit_length()) > _MOST_BITS:
        raise ToolError("the power is too large to be worked out exactly; write one number as a float")
    result: Number = base**exponent
    return result


def _times(left: Number, right: Number) -> Number:
    _check_bits(left, right)
    return left * right


def _shift(left: int, right: int) -> int:
    if right > _MOST_BITS:
        raise ToolError("the shift is too large")
    return left << right


def _check_bits(*numbers: Number) -> None:
    if sum(number.bit_length() for number in numbers if isinstance(number, int)) > _MOST_BITS:
        raise ToolError("a number is too large")


_BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _times,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}
_UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
}


def calculator() -> Tool:
    """Works out an arithmetic expression."""
    schema = {
        "type": "object",
        "properties": {
            "expression": {
                "type": "string",
                "description": (
                    "Python arithmetic: + - * / // % ** and parentheses, pi, e, tau, i, and "
                    + ", ".join(sorted(_FUNCTIONS))
                ),
            }
        },
        "required": ["expression"],
        "additionalProperties": False,
    }

    async def run(arguments: Arguments) -> str:
        return evaluate(arguments["expression"])

    return Tool("calculator", "Works out an arithmetic expression.", schema, "built-in", run, read_only=True)


def evaluate(expression: str) -> str:
    """The value of an expression, as text.

    Raises:
        ToolError: for what is no arithmetic, is too large, or has no value.
    """
    if len(expression) > _LONGEST:
        raise ToolError(f"the expression is longer than {_LONGEST} characters")
    try:
        tree = ast.parse(expression.strip().replace("^", "**"), mode="eval")
        value = _value(tree.body, 0)
    except ToolError:
        raise
    except SyntaxError as error:
        raise ToolError(f"this is no arithmetic: {error.msg}") from error
    except (ArithmeticError, ValueError, TypeError) as error:
        raise ToolError(str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise ToolError("the expression is nested too deeply") from error
    return _shown(value)


def _value(node: ast.expr, depth: int) -> Number:
    if depth > _DEEPEST:
        raise ToolError("the expression is nested too deeply")
    match node:
        case ast.Constant(value=int() | float() | complex() as number) if not isinstance(number, bool):
            _check_bits(number)
            return number
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.BinOp(left, op, right) if type(op) in _BINARY:
            found: Number = _BINARY[type(op)](_value(left, depth + 1), _value(right, depth + 1))
            return found
        case ast.UnaryOp(op, operand) if type(op) in _UNARY:
            found = _UNARY[type(op)](_value(operand, depth + 1))
            return found
        case ast.Call(ast.Name(id=name), args, keywords=[]) if name in _FUNCTIONS:
            values = [_value(argument, depth + 1) for argument in args]
            _check_bits(*values)
            found = _FUNCTIONS[name](*values)
            return found
        case _:
            raise ToolError(f"{ast.unparse(node)[:60]!r} is no arithmetic")


def _shown(value: Number) -> str:
    if isinstance(value, int):
        _check_bits(value)
        return _digits(value)
    if isinstance(value, complex):
        return f"{value.real:.15g} {'-' if value.imag < 0 else '+'} {abs(value.imag):.15g}i"
    return f"{value:.15g}"


def _digits(value: int) -> str:
    """An integer's digits, in pieces, since Python turns at most 4,300 of them into text at once."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    pieces: list[str] = []
    while value >= 10**4000:
        value, rest = divmod(value, 10**4000)
        pieces.append(f"{rest:04000d}")
    return sign + str(value) + "".join(reversed(pieces))
