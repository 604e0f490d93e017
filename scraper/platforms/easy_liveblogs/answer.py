"""The answer of the plugin's API, read as a page: `/wp-json/easy-liveblogs/v1/liveblog/<id>`.

It has every entry, the newest first, with markup and writer, which the page's JSON-LD leaves out.
`datetime` and `modified` name their zone since 2.3; before, `datetime` is the site's local time,
and `post` has the time in GMT (includes/api/class-elb-entry.php). The epochs in `html` are local
times without their offset, and are not read.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from html import unescape

from scraper.address import absolute
from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.pictures import pictures_in
from scraper.platforms.easy_liveblogs.order import settled
from scraper.platforms.easy_liveblogs.status import live
from scraper.times.instants import Moment, moment, zone_named
from store.sighting import Sighting, Snapshot, View

ENTRY = frozenset({"id", "datetime", "content"})


def is_answer(said: object) -> bool:
    """Whether decoded JSON is this plugin's answer: a blog with its status and entries."""
    if not isinstance(said, dict) or not {"status", "last_update", "updates"} <= said.keys():
        return False
    updates = said["updates"]
    return isinstance(updates, list) and all(
        isinstance(each, dict) and each.keys() >= ENTRY for each in updates
    )


def read_answer(document: Document, name: str) -> Snapshot:
    """Read an answer; raise LayoutError if an entry has no id or no readable time."""
    said = document.data
    blank = bare(document, name, string_in(said, "url"))
    zone = zone_named(document.page.timezone)
    updates = [each for each in list_in(said, "updates") if isinstance(each, dict)]
    clockless = any(_is_clockless(each) for each in updates)
    return replace(
        blank,
        layout="feed",
        title=_words(string_in(said, "title")),
        live=live(string_in(said, "status")),
        sightings=settled(
            [_sighting(each, blank.url, zone or UTC, document.page.url) for each in updates]
        ),
        shows_top=True,
        shows_bottom=True,
        warnings=(_assumed(zone),) if clockless else (),
    )


def _sighting(said: Mapping[str, object], base: str, zone: tzinfo, url: str) -> Sighting:
    block_id = str(said.get("id") or "")
    published = _time(said, "datetime", "post_date_gmt", zone)
    if not block_id.isascii() or not block_id.isdigit() or published is None:
        raise LayoutError(url, "an entry of the API's answer has no id or no time that is known")
    updated = _time(said, "modified", "post_modified_gmt", zone)
    body = ours(string_in(said, "content"), base)
    author = _words(string_in(said, "author"))
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published.at,
        updated=updated.at if updated and updated.at > published.at else None,
        time_precision=published.precision,
        title=_words(string_in(said, "title")),
        html=body.html,
        text=body.text,
        permalink=absolute(f"?entry={block_id}", base),
        authors=(author,) if author else None,
        media=pictures_in(body.html) or None,
    )


def _time(said: Mapping[str, object], name: str, in_gmt: str, zone: tzinfo) -> Moment | None:
    """Return the time `name` if it has a zone, else that in GMT, else `name` read in `zone`."""
    told = moment(string_in(said, name), zone)
    if told is not None and told.zoned:
        return told
    return moment(string_in(object_in(said, "post"), in_gmt), UTC) or told


def _is_clockless(said: Mapping[str, object]) -> bool:
    """Whether the zone of an entry's time is unknown."""
    told = moment(string_in(said, "datetime"))
    return told is not None and not told.zoned and "post_date_gmt" not in object_in(said, "post")


def _assumed(zone: tzinfo | None) -> str:
    read_in = str(zone) if zone is not None else "UTC, since none is configured"
    return f"times name no zone; they are read in {read_in}"


def _words(written: str) -> str:
    return squeeze(unescape(written))
