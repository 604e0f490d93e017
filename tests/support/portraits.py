"""Screenshots of the site with the demo's story: `portraits.py FOLDER` makes them.

Those in docs/pages are made this way. They are to be looked at, not compared: fonts differ.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from browsing import DESK, PHONE, Browser, browsing
from demoed import NOW, TOPIC, tell
from served import served_aside
from sites import Station

from feeds.site.options import SiteOptions
from keywire.demo.origin import DRAWING
from store.database import open_database
from store.source import SourceState

PORTRAITS = {
    "timeline.png": (f"/topics/{TOPIC}", {"viewport": DESK}),
    "timeline-phone-dark.png": (f"/topics/{TOPIC}", {"viewport": PHONE, "color_scheme": "dark"}),
    "entry.png": ("/entries/1#history", {"viewport": DESK}),
    "front-dark.png": ("/", {"viewport": DESK, "color_scheme": "dark"}),
}


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place, browsing() as browser:
        database = open_database(f"sqlite:///{place}/kept.db")
        (source,) = tell(database).follow
        station = Station(database, SiteOptions("Otter Head wire"))
        later = {"last_poll": NOW + timedelta(hours=3), "next_poll": NOW + timedelta(hours=4)}
        station.record(source, state=SourceState.OK, last_status=200, **later)
        with served_aside(station.site) as url:
            browser.run(_take(browser, url, folder))
        database.close()


async def _take(browser: Browser, url: str, folder: Path) -> None:
    for name, (path, options) in PORTRAITS.items():
        async with browser.page(**options) as page:
            await page.route("**/media/*.svg", _draw)
            await page.goto(url + path)
            await page.wait_for_load_state("networkidle" if path == "/" else "load")
            await page.screenshot(path=folder / name)


async def _draw(route: Any) -> None:
    await route.fulfill(body=DRAWING, content_type="image/svg+xml")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
