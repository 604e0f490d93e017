"""Superdesk Live Blog (Sourcefabric): its themes' pages, its AMP pages and its API's answers."""
