"""Times as pages write them: instants, clocks, dates, "5m ago", days in addresses, and zones."""
