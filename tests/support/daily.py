"""The built-in origin with a page that lists its blogs, as a newspaper's series does."""

from urllib.parse import urlsplit

from press import ENDED, LIVE, card, series_page

from keywire.demo.origin import Origin

SERIES_PATH = "/harbour/series/harbour-live"


class Daily(Origin):
    """Lists all blogs, the last published first; with `listing` False that page is a wall."""

    listing = True

    @property
    def series(self):
        return self.site + SERIES_PATH

    def _answer(self, method, target, headers):
        if urlsplit(target).path != SERIES_PATH:
            return super()._answer(method, target, headers)
        shown = sorted(
            (history[-1] for history in self._shown.values()),
            key=lambda rendering: rendering.blog.changed,
            reverse=True,
        )
        cards = [
            card(
                self.site + one.blog.path,
                LIVE if one.blog.live else ENDED,
                one.blog.changed,
                one.blog.title,
            )
            for one in shown
        ]
        html = series_page(self.series, *cards) if self.listing else "<h1>Accept cookies</h1>"
        return self._negotiated(html, "text/html; charset=utf-8", shown[0], headers)
