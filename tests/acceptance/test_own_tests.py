"""The tests of a project whose document was edited as `docs/document.md` shows pass, with no line of them changed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.docs.pages import ROOT, blocks_in, operation_shown
from tests.support.stride import some, thinned

pytestmark = thinned

Run = Callable[..., subprocess.CompletedProcess[str]]

FIELD = """\
        priority:
          description: How urgent the message is.
          type: integer
          examples: [5]
"""
RULE = """\
        - x-rule: Must be given with priority
          dependentRequired:
            priority: [localId]
"""
OPERATION = """\
    get:
      summary: List messages
      description: Lists the messages to a contact.
      operationId: listMessages
      tags: [Interactions]
      parameters:
        - $ref: '#/components/parameters/ContactId'
      responses:
        '200':
          $ref: '#/components/responses/MessageSent'
"""
ROWS = """\
| | How urgent a message is. | `/components/schemas/Message/properties/priority` | stated: page |
| | An urgent one needs an identifier. | `/components/schemas/Message/allOf/6` | stated: page |
"""
FOLDERS = ("document", "mock/operations", "tools/lint", "suite", "suite/oracle")
ABOUT_THE_DOCUMENT = "tests/document/test_project_document.py"


def insert(path: Path, text: str, *, before: str) -> None:
    old = path.read_text(encoding="utf-8")
    assert 1 == old.count(before)
    path.write_text(old.replace(before, text + before), encoding="utf-8")


def edit(checkout: Path) -> None:
    """Add the operation of the page, one at the message's own path, and a field with a rule and its evidence."""
    document, evidence = checkout / "openapi" / "ventia.yaml", checkout / "openapi" / "EVIDENCE.md"
    insert(document, operation_shown(), before="components:\n")
    insert(document, OPERATION, before="    post:\n      summary: Send a message to a contact\n")
    insert(document, FIELD, before="      allOf:\n        - title: one sender\n")
    insert(document, RULE, before="    MessageSent:\n      description: |\n        The message was handed")
    evidence.write_text("".join([evidence.read_text(encoding="utf-8"), *blocks_in("markdown"), ROWS]), encoding="utf-8")


def test_the_fast_tests_of_an_edited_document_pass(checkout: Path, run: Run) -> None:
    shutil.copytree(ROOT / "tests", checkout / "tests")
    edit(checkout)
    made = run("tools.generate")
    assert 0 == made.returncode, made.stdout + made.stderr
    modules = [sorted((ROOT / "tests" / folder).glob("test_*.py")) for folder in FOLDERS]
    paths = {ABOUT_THE_DOCUMENT, *(str(path.relative_to(ROOT)) for path in some(*modules))}
    fast = ("-m", "not acceptance and not soak", "-n", "0", "-p", "no:cacheprovider")
    done = run("pytest", "-q", *fast, *sorted(paths))
    assert 0 == done.returncode, done.stdout + done.stderr
