"""What `make torture` tells at its end: each long form, what it was given, and how long it took."""

MARK = "torture"
HEADS = ("seconds", "result", "inputs", "piece")


class Torture:
    """A pytest plugin that keeps the long forms as they end."""

    def __init__(self):
        self.rows = []

    def pytest_collection_modifyitems(self, items):
        """Let each long form's report carry what its mark says of its inputs."""
        for item in items:
            if mark := item.get_closest_marker(MARK):
                item.user_properties.append((MARK, mark.args[0]))

    def pytest_runtest_logreport(self, report):
        """Keep what a long form came to, or what kept it from being tried."""
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
    """Lay rows of cells out below each other; yield the lines."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join(padded).rstrip()
