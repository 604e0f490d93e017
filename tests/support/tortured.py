"""The table that `make torture` prints at its end: each long form, its inputs and duration."""

MARK = "torture"
HEADS = ("seconds", "result", "inputs", "piece")


class Torture:
    """A pytest plugin that collects the results of the long forms."""

    def __init__(self):
        self.rows = []

    def pytest_collection_modifyitems(self, items):
        """Put the inputs that a long form's mark names into its report."""
        for item in items:
            if mark := item.get_closest_marker(MARK):
                item.user_properties.append((MARK, mark.args[0]))

    def pytest_runtest_logreport(self, report):
        """Keep the result of a long form, or of its setup where that failed."""
        inputs = next((told for name, told in report.user_properties if name == MARK), None)
        if inputs is not None and (report.when == "call" or not report.passed):
            piece = report.nodeid.removeprefix("tests/")
            self.rows.append((f"{report.duration:.0f}", report.outcome, inputs, piece))

    def pytest_terminal_summary(self, terminalreporter):
        """Print the table, if there was any long form."""
        if self.rows:
            terminalreporter.section("long forms")
            terminalreporter.write("\n".join((*table([HEADS, *self.rows]), "")))


def table(rows):
    """Yield the lines of a table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join(padded).rstrip()
