"""Live blogs in the state that pages embed: one platform for each publisher that is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from itertools import islice
from urllib.parse import urlsplit

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.paths import first, walk
from scraper.markup.state import Refer, plain, referring, state_in
from scraper.platform import About, Gift, Platform
from scraper.platforms.page_state.entry import Fields, Place, id_in, sighted, string
from scraper.platforms.page_state.models import MODELS, Model
from scraper.times.instants import moment, zone_named
from store.sighting import Sighting, Snapshot

# The types of lists of other pages' stories, which are not live blogs (Arc).
LISTS = frozenset({"collection", "results", "feed"})

# How many entries are looked at to recognise a model.
FEW = 8


@dataclass(frozen=True, slots=True)
class _Blog:
    """A live blog in a page's state, and the way to follow references in it."""

    said: Mapping[str, object]
    refer: Refer


def published_by(model: Model) -> Platform:
    """Return the platform of one publisher."""
    gives = Gift.IDS | Gift.UPDATES | (Gift.KEY_EVENTS if model.key_event else Gift.NONE)
    return Platform(
        name=model.name,
        # None of these was ever tried on its publisher's pages: other platforms may read them as
        # well.
        hosts=(),
        marks=partial(_marks, model),
        signs=(model.sign,),
        parse=partial(_parse, model),
        about=About(reads=model.reads, gives=gives),
    )


def _marks(model: Model, document: Document) -> tuple[str, ...]:
    """Describe the live blog in a page's state; () where there is none in the form of the model.

    A live blog in another form is left to platforms that guess less.
    """
    blog = _blog_in(model, document)
    if blog is None or not _is_known(model, blog):
        return ()
    name = model.state.decode().strip("_")
    return (f"a live blog in the page's own state ({name}), as {model.name} writes it",)


def _blog_in(model: Model, document: Document) -> _Blog | None:
    """Find the live blog in a page's state; of several, the one at the page's address."""
    if document.data is not None or not document.holds(model.sign):
        return None
    state = state_in(document, model.state)
    cache = next(walk(state, model.cache), None) if model.cache else None
    refer = referring(cache) if isinstance(cache, dict) else plain
    blogs = [
        said
        for path in model.blog
        for said in walk(state, path, refer)
        if isinstance(said, dict)
        and string(said.get("type")) not in LISTS
        and next(walk(said, model.is_blog, refer), None) is not None
    ]
    here = {_path(document.url), _path(document.canonical)} - {""}
    ours = [said for said in blogs if _path(string(first(said, model.blog_address))) in here]
    if not ours and len(blogs) == 1:
        ours = blogs
    return _Blog(ours[0], refer) if ours else None


def _is_known(model: Model, blog: _Blog) -> bool:
    """Whether an entry has a time in one of the model's places, or the blog has no entries yet."""
    listed = list(islice(_listed(model, blog), FEW))
    told = (moment(first(entry, model.published, blog.refer)) for entry in listed)
    return not listed or any(told)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.strip("/")
    except ValueError:
        return ""


def _parse(model: Model, document: Document) -> Snapshot:
    blog = _blog_in(model, document)
    if blog is None:
        raise _broken(document, "there is none in its state")
    blank = bare(document, model.name, string(first(blog.said, model.blog_address)))
    place = Place(blank.url, zone_named(document.page.timezone) or UTC, document.page.fetched_at)
    listed = list(_listed(model, blog))
    read = [_sighting(model, blog, entry, place) for entry in listed]
    shown = [each for each in read if each is not None]
    if listed and not any(each.published for each in shown):
        raise _broken(document, "none of its entries has a time where it is known")
    told_apart = [each for each in shown if each.block_id] or shown
    title = squeeze(string(first(blog.said, model.blog_title, blog.refer)))
    return replace(
        blank,
        layout=model.state.decode().strip("_").lower().replace("_", "-"),
        title=blank.title or title,
        sightings=tuple(told_apart),
        unread=len(told_apart) < len(listed),
    )


def _listed(model: Model, blog: _Blog) -> Iterator[Mapping[str, object]]:
    for path in model.entries:
        for entry in walk(blog.said, path, blog.refer):
            if isinstance(entry, dict):
                yield entry


def _sighting(
    model: Model, blog: _Blog, entry: Mapping[str, object], place: Place
) -> Sighting | None:
    refer = blog.refer
    said = Fields(
        id=id_in(first(entry, model.id, refer)),
        published=first(entry, model.published, refer),
        updated=first(entry, model.updated, refer),
        title=first(entry, model.title, refer),
        body=model.body(entry, refer),
        authors=_authors(model, entry, refer),
        permalink=first(entry, model.permalink, refer),
        key_event=next((v for path in model.key_event for v in walk(entry, path, refer)), None),
    )
    return sighted(said, place)


def _authors(model: Model, entry: Mapping[str, object], refer: Refer) -> tuple[object, ...]:
    named = (tuple(walk(entry, path, refer)) for path in model.authors)
    told = next((names for names in named if any(map(string, names))), ())
    return tuple(name for each in told for name in string(each).split("|"))


def _broken(document: Document, reason: str) -> LayoutError:
    return LayoutError(
        document.page.url,
        f"a live blog in the page's state in a form that is not known: {reason}",
        "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
    )


PUBLISHERS = tuple(published_by(model) for model in MODELS)
