"""Whether a blog is live, by the plugin's own word."""


def live(status: str | None) -> bool | None:
    """Read `status`, or `data-status`; a blog that nobody closed has none (elb-functions.php)."""
    return {"open": True, "": True, "closed": False}.get(status or "")
