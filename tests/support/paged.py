"""A live blog of many numbered pages, as an origin's bodies for `playing`."""

import json
from datetime import UTC, datetime, timedelta

BEGUN = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
STEP = timedelta(minutes=2)


def at(number):
    """Give when a post was published: every two minutes from four o'clock."""
    return BEGUN + number * STEP


def post(number):
    return (
        f'<article class="post" id="post-{number}">'
        f'<time datetime="{at(number).isoformat()}"></time>'
        f"<h3>Report {number}</h3><p>The gauge reads {number} at the weir.</p></article>"
    )


def stated(number):
    return {
        "@type": "BlogPosting",
        "url": f"HERE/live#post-{number}",
        "headline": f"Report {number}",
        "datePublished": at(number).isoformat(),
        "articleBody": f"The gauge reads {number} at the weir.",
    }


def page(numbers, older=""):
    said = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "url": "HERE/live",
        "headline": "At the weir",
        "liveBlogUpdate": [stated(number) for number in numbers],
    }
    link = f'<a rel="next" href="{older}">Older</a>' if older else ""
    return (
        '<!doctype html><html lang="en"><head><title>At the weir</title>'
        '<link rel="canonical" href="HERE/live">'
        f'<script type="application/ld+json">{json.dumps(said)}</script></head><body>'
        f"<h1>At the weir</h1>{''.join(map(post, numbers))}<nav>{link}</nav></body></html>"
    ).encode()


class PagedBlog:
    """A blog of numbered posts, of which each page shows `size`, the newest first."""

    def __init__(self, posts, size=10):
        self.newest, self.size, self.cut = posts, size, set()

    @property
    def pages(self):
        return -(-self.newest // self.size)

    def __call__(self, path):
        """Answer for `/live` and `/live?page=N`; 404 for a page that is not there."""
        address, _, query = path.partition("?page=")
        number = int(query or 1)
        if address != "/live" or number in self.cut or number > self.pages:
            return 404
        top = self.newest - (number - 1) * self.size
        older = f"/live?page={number + 1}" if number < self.pages else ""
        return page(range(top, max(top - self.size, 0), -1), older)
