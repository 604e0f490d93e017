"""Whether a blog is live, by the plugin's own status."""


def live(status: str | None) -> bool | None:
    """Return whether a blog with this `status` or `data-status` is live; None if it is unknown.

    A blog that was never closed has no status (elb-functions.php).
    """
    return {"open": True, "": True, "closed": False}.get(status or "")
