"""The threat model names tests that exist."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.privacy


def test_every_test_the_threat_model_names_is_there(root: Path) -> None:
    named = {
        name for page in ("threat-model.md", "retention.md")
        for name in re.findall(r"`(test_\w+)`", (root / "docs" / page).read_text(encoding="utf-8"))
    }  # fmt: skip
    code = "\n".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py"))
    assert len(named) > 20
    assert sorted(name for name in named if f"def {name}(" not in code) == []
