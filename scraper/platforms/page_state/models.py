"""Where publishers keep a live blog in the state of their pages: one value for each publisher.

All of it is from the code of public readers of these sites; no real page was available.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scraper.markup.state import Refer
from scraper.platforms.page_state.bodies import ans, nodes, tree

Body = Callable[[Mapping[str, object], Refer], str]


@dataclass(frozen=True, slots=True)
class Model:
    """One publisher's model. Its paths are those of `markup.paths`; several are tried in turn.

    `state` is the name under which the page embeds its state, `sign` a word in the markup of its
    live blogs. `cache` is the path to Apollo's cache, "" where there are no references to follow.
    `blog` leads to objects, of which the one that has something at `is_blog` is the live blog;
    `entries`, `blog_title` and `blog_address` lead on from there, the other paths from an entry to
    its fields.
    """

    name: str
    reads: str
    state: bytes
    sign: bytes
    blog: tuple[str, ...]
    is_blog: str
    entries: tuple[str, ...]
    id: tuple[str, ...]
    published: tuple[str, ...]
    updated: tuple[str, ...]
    title: tuple[str, ...]
    body: Body
    authors: tuple[str, ...]
    permalink: tuple[str, ...]
    blog_title: tuple[str, ...]
    blog_address: tuple[str, ...]
    key_event: tuple[str, ...] = ()
    cache: str = ""


# Arc XP's model of a page (ANS): a story whose elements are stories, beside paragraphs of its own.
# A collection of teasers has stories too, but is not a live blog.
WASHINGTON_POST = Model(
    name="washington-post",
    reads="The Washington Post's live updates, by the model in their pages",
    state=b"__NEXT_DATA__",
    sign=b"globalContent",
    blog=("props.pageProps.globalContent",),
    is_blog="content_elements[type=story]",
    entries=("content_elements[type=story]",),
    id=("_id",),
    published=(
        "additional_properties.first_display_date",
        "additional_properties.first_publish_date",
        "first_publish_date",
        "display_date",
    ),
    updated=("last_updated_date",),
    title=("headlines.basic",),
    body=ans,
    authors=("credits.by[].name",),
    permalink=("canonical_url",),
    blog_title=("headlines.basic",),
    blog_address=("canonical_url",),
)

# Times are in milliseconds. The model also has the articles of other pages.
HAARETZ = Model(
    name="haaretz",
    reads="Haaretz' live blogs, in English and Hebrew, by the cache in their pages",
    state=b"__NEXT_DATA__",
    sign=b"liveBlogItems",
    cache="props.apolloState",
    blog=("props.apolloState.LiveBlogArticle:*",),
    is_blog="liveBlogItems",
    entries=("liveBlogItems[]",),
    id=("itemId",),
    published=("publishDate",),
    updated=("updateDate",),
    title=("title",),
    body=nodes,
    authors=("authors[].name", "author.name", "author"),
    permalink=("itemUrl",),
    blog_title=("title",),
    blog_address=("canonicalLink",),
    key_event=("keyEvent",),
)

# A post may state just its last publishing; then the time at which it was first seen counts.
CNBC = Model(
    name="cnbc",
    reads="CNBC's live blogs, by the model in their pages",
    state=b"__s_data",
    sign=b"liveBlogBody",
    blog=("page.page",),
    is_blog="layout[].columns[].modules[name=liveBlogBody]",
    entries=("layout[].columns[].modules[name=liveBlogBody].data.body.content[tagName=post]",),
    id=("attributes.id",),
    published=(
        "attributes.dateFirstPublished",
        "attributes.datePublished",
        "attributes.dateLastPublished",
    ),
    updated=("attributes.dateLastPublished",),
    title=("attributes.title", "attributes.headline"),
    body=tree,
    authors=("attributes.author[].name", "attributes.authorFormatted"),
    permalink=("attributes.url",),
    blog_title=("headline",),
    blog_address=("url",),
)

MODELS = (WASHINGTON_POST, HAARETZ, CNBC)
