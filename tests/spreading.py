"""How the files of tests are spread over processes: long ones first, and those that share a company together.

A file goes to one process as a whole, since what its tests share is made once in each. In the order of their names a
long file would come last, and all processes but one would wait for it.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

FIRST = (
    ("tests/e2e/test_every_page.py", "tests/e2e/test_table_saved.py"),
    ("tests/operations/test_demo_load.py", "tests/operations/test_demo_pilot.py"),
    ("tests/e2e/test_pilot_kanban.py",),
    ("tests/facts/importing/test_round_trip.py",),
    ("tests/e2e/test_first_link_to_closed_order.py",),
    ("tests/facts/importing/test_killed.py",),
    ("tests/e2e/test_import_of_a_workbook.py",),
    ("tests/facts/reading/test_hostile_files.py",),
    ("tests/e2e/test_monthly_report.py",),
    ("tests/operations/test_cycle.py",),
    ("tests/e2e/test_home.py",),
    ("tests/operations/test_cdnow_end_to_end.py",),
    ("tests/e2e/test_funnel.py",),
    ("tests/operations/test_cli.py",),
)
"""Files of a quarter of a minute and more; a browser waits much of its time, so those of the browser alternate with
others. What stands together shares the demo company. All other files follow in the order of their names."""

_PLACE = {file: place for place, files in enumerate(FIRST) for file in files}


def place(node: str) -> int:
    """Where the test with this id stands in the order of FIRST."""
    return _PLACE.get(_file(node), len(FIRST))


def together(node: str) -> str:
    """The name that all tests have in common that go to one process with this one."""
    found = place(node)
    return FIRST[found][0] if found < len(FIRST) else _file(node)


def _file(node: str) -> str:
    return node.partition("::")[0]


class Spreading(LoadFileScheduling):
    """Hands out the tests by what they are together with."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
