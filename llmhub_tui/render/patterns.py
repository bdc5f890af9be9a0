"""How the blocks of Markdown begin, after CommonMark (https://spec.commonmark.org) and GitHub's additions."""

from __future__ import annotations

import re
from typing import Final

FENCE: Final = re.compile(r" {0,3}(?:(`{3,})[ \t]*([^`]*)|(~{3,})[ \t]*(.*))$")
HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
UNDERLINE: Final = re.compile(r" {0,3}(=+|-+)[ \t]*$")
RULE: Final = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
ALERT: Final = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$", re.IGNORECASE)
HTML: Final = re.compile(
    r" {0,3}</?(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|"
    r"figcaption|figure|footer|form|h[1-6]|head|header|hr|html|iframe|legend|li|main|nav|ol|p|picture|section|summary|"
    r"table|tbody|td|tfoot|th|thead|title|tr|ul)(?=[\s/>]|$)",
    re.IGNORECASE,
)
"""A line of HTML: nothing in it is Markdown, and it stands by itself."""
FORMULA: Final = re.compile(r"(?:[ >]|[-+*] |\d{1,9}[.)] ){0,40}(?:\$\$|\\\[|\\begin\{)")
"""A line that may begin a formula, within whatever."""
HALF: Final = re.compile(r"[\s>]*(?:[-=*_+#|:`~$]+|\d{1,9}[.)]?|\[!\w*\]?)?\s*$")
"""A line so far that may yet become the mark of a block, or nothing of the kind."""
HEAD: Final = 256
"""Characters by which a line is judged; one that is longer is no heading."""


def is_closing(line: str, fence: str) -> bool:
    """Whether a line ends the code block that `fence` began."""
    mark = line.strip()
    return mark.startswith(fence) and not mark.strip(fence[0]) and not line.startswith("    ")
