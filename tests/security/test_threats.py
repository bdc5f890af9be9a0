"""The threat table names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent


def test_every_threat_names_a_test_that_exists() -> None:
    rows = [
        line
        for line in (TESTS / "security/THREATS.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d+ \|", line)
    ]
    assert len(rows) >= 23
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", row)
        assert named, row
        for file, test in named:
            text = (TESTS / file).read_text(encoding="utf-8")
            assert f"def {test or 'test_'}" in text, (file, test)
