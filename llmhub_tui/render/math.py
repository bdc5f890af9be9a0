"""LaTeX as text that can be read: symbols by their signs, fractions on one line, commands without braces."""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

_SIGNS: Final = dict(
    line.split(" ", 1)
    for line in (resources.files("llmhub_tui.render") / "signs.txt").read_text(encoding="utf-8").splitlines()
)
"""What stands for a command (`\\pi`), a raised (`^2`) or a lowered character (`_2`)."""
_NAMES: Final = re.compile(
    r"sin|cos|tan|cot|sec|csc|arcsin|arccos|arctan|sinh|cosh|tanh|log|ln|lg|exp|lim|max|min|sup|inf|det|dim|ker|"
    r"gcd|deg|arg|Pr|b?mod"
)
_SILENT: Final = re.compile(
    r"left|right|[bB]igg?[lr]?|displaystyle|textstyle|(no)?limits|math(rm|bf|it|sf|cal)|boldsymbol|bm|"
    r"text(bf|it|rm)?|operatorname|nonumber|notag|boxed|big|Big|middle"
)
_BEHIND: Final = re.compile(
    r"\w|[({[∑∏∫√∇∂]|\\\||\\(d?frac|sqrt|left|math|hat|bar|vec|text|sin|cos|tan|log|ln|exp)"
)
"""What would seem to belong to the denominator of a fraction before it."""
_BLANKS: Final = {",": " ", ";": " ", ":": " ", "!": "", " ": " ", "quad": "  ", "qquad": "    "}
_ROWS: Final = re.compile(r"matrix|cases|align|array|gather|split")
"""Environments whose rows stay lines."""
_MATRIX: Final = re.compile(r"\\begin\{([pbBvV]|small)?matrix\*?\}")
_BRACKETS: Final = {"p": "()", "b": "[]", "B": "{}", "v": "||", "V": "‖‖", "small": "()", None: ("", "")}
_PART: Final = re.compile(
    r"\\(?:begin|end)\{[a-zA-Z*]*\}(?:\{[lcr| ]*\})?|\\[a-zA-Z]+|\\.|[{}^_&]|[^\\{}^_&]", re.DOTALL
)
_DEEPEST: Final = 12
_ACCENTS: Final = {"hat": "\u0302", "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307", "tilde": "\u0303"}


def readable_math(source: str) -> str:
    """A formula as text; the rows of a matrix or of an alignment stay lines."""
    lines = _Reader(_PART.findall(source)).read().split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


class _Reader:
    """Goes over the parts of a formula once."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._at = 0
        self._depth = 0

    def read(self) -> str:
        """The rest, up to a brace that closes what is open."""
        found: list[str] = []
        while self._at < len(self._parts):
            part = self._parts[self._at]
            if part == "}" and self._depth:
                break
            found.append(self._one())
        return "".join(found)

    def _one(self) -> str:
        part = self._parts[self._at]
        self._at += 1
        if part == "{":
            return self._group()
        if part in "^_":
            return self._script(part)
        if part == "&":
            return "  "
        if part == "\n":
            return " "
        if matrix := _MATRIX.match(part):
            return self._matrix(matrix[1])
        if part.startswith(("\\begin{", "\\end{")):
            return "\n" if _ROWS.search(part) else ""
        return self._command(part[1:]) if part[0] == "\\" and len(part) > 1 else part

    def _matrix(self, kind: str | None) -> str:
        """A matrix on one line, row by row: `(1 2; 3 4)`."""
        rows = [[""]]
        while self._at < len(self._parts) and not self._parts[self._at].startswith("\\end{"):
            if self._parts[self._at] == "&":
                self._at += 1
                rows[-1].append("")
            elif self._parts[self._at] == "\\\\":
                self._at += 1
                rows.append([""])
            else:
                rows[-1][-1] += self._one()
        self._at += 1
        cells = [[" ".join(cell.split()) for cell in row] for row in rows if any(map(str.strip, row))]
        joint = ", " if any(" " in cell for row in cells for cell in row) else " "
        left, right = _BRACKETS[kind]
        return left + "; ".join(joint.join(row) for row in cells) + right

    def _group(self) -> str:
        """What stands in braces; the opening one is behind us."""
        if self._depth >= _DEEPEST:
            return "{"
        self._depth += 1
        text = self.read()
        self._depth -= 1
        self._at += 1
        return text

    def _next(self) -> str:
        """The part ahead that is not blank; empty at the end."""
        return next((part for part in self._parts[self._at : self._at + 9] if not part.isspace()), "")

    def _argument(self) -> str:
        while self._at < len(self._parts) and self._parts[self._at].isspace():
            self._at += 1
        if self._at >= len(self._parts) or self._parts[self._at] == "}":
            return ""
        return self._one()

    def _command(self, name: str) -> str:
        if (sign := _SIGNS.get(f"\\{name}")) is not None:
            return sign
        if name in _BLANKS:
            return _BLANKS[name]
        if name in "\\|":
            return "\n" if name == "\\" else "‖"
        if name in _ACCENTS:
            return self._argument() + _ACCENTS[name]
        if _NAMES.fullmatch(name):
            return name if self._next() in ("_", "^") else f"{name} "
        if _SILENT.fullmatch(name):
            return ""
        return self._with_arguments(name)

    def _with_arguments(self, name: str) -> str:
        match name:
            case "frac" | "dfrac" | "tfrac":
                text = f"{_whole(self._argument())}/{_whole(self._argument())}"
                behind = _SIGNS.get(self._next(), self._next())
                return f"({text})" if _BEHIND.match(behind) else text
            case "label":
                self._argument()
                return ""
            case "tag":
                return f"  ({self._argument()})"
            case "binom":
                return f"C({self._argument()}, {self._argument()})"
            case "sqrt":
                return f"√{_whole(self._argument())}"
            case "mathbb":
                return "".join(_SIGNS.get(f"\\mathbb{char}", char) for char in self._argument())
            case _:
                return f"\\{name}" if name.isalpha() else name

    def _script(self, sign: str) -> str:
        text = self._argument().strip().replace(", ", ",")
        if not text:
            return sign
        moved = [_SIGNS.get(sign + char, "," if char == "," else None) for char in text]
        if None not in moved:
            return "".join(char for char in moved if char)
        text = text.replace(",", ", ")
        return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"


def _whole(text: str) -> str:
    """A part of a fraction, in parentheses where it needs them."""
    text = text.strip()
    return text if len(text) <= 1 or text.isalnum() else f"({text})"
