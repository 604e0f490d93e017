"""A live blog as its publisher has it, and what the publisher can do to it, as pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from hashlib import blake2s

MISSING = "no block {which} in {path}"


class Kind(Enum):
    """How a publisher marks a block."""

    ORDINARY = "ordinary"
    KEY_EVENT = "key event"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a block. `path` is its address on the origin, sizes are in pixels."""

    path: str
    alt: str
    caption: str = ""
    credit: str = ""
    width: int = 620
    height: int = 372


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `body` holds HTML and pictures in order; `updated` is None until an edit."""

    id: str
    published: datetime
    body: tuple[str | Picture, ...]
    title: str = ""
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    kind: Kind = Kind.ORDINARY

    @property
    def changed(self) -> datetime:
        """When the publisher last published this block."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class Blog:
    """One live blog. `blocks` are in page order, newest first.

    `path` is its address on the origin, `standfirst` one line of text. A page shows at most
    `page_size` blocks, counted from the newest; the rest is on further pages. `withdrawn` holds
    the blocks that the publisher took away, `pinned` is the id of the pinned block ("" for none).
    """

    path: str
    title: str
    opened: datetime
    standfirst: str = ""
    blocks: tuple[Block, ...] = ()
    live: bool = True
    pinned: str = ""
    page_size: int = 10
    withdrawn: tuple[Block, ...] = ()
    author: str = ""
    series: str = ""

    @property
    def changed(self) -> datetime:
        """When any block of this blog, even one withdrawn since, was last published."""
        return max(
            (block.changed for block in (*self.blocks, *self.withdrawn)), default=self.opened
        )


def block_id(name: str, published: datetime) -> str:
    """Return a block's id: 8 hex digits of the second it was published and 16 of its name."""
    return f"{int(published.timestamp()):08x}{_digest(name)}"


def block(
    name: str,
    published: datetime,
    *body: str | Picture,
    title: str = "",
    kind: Kind = Kind.ORDINARY,
    authors: tuple[str, ...] = (),
) -> Block:
    """Make a block. `name` determines its id and appears nowhere; times are whole seconds."""
    published = published.replace(microsecond=0)
    return Block(
        id=block_id(name, published),
        published=published,
        body=body,
        title=title,
        kind=kind,
        authors=authors,
    )


def named(blog: Blog, name: str) -> str:
    """Return the id of the block, shown or withdrawn, that was made with a name.

    Raises KeyError where there is none.
    """
    ending = _digest(name)
    for candidate in (*blog.blocks, *blog.withdrawn):
        if candidate.id.endswith(ending):
            return candidate.id
    raise KeyError(MISSING.format(which=f"named {name!r}", path=blog.path))


def find(blog: Blog, which: str) -> Block:
    """Return the shown block with an id; raise KeyError where there is none."""
    for candidate in blog.blocks:
        if candidate.id == which:
            return candidate
    raise KeyError(MISSING.format(which=which, path=blog.path))


def add(blog: Blog, *blocks: Block) -> Blog:
    """Put blocks on the page, each before the first that is older than it."""
    for new in blocks:
        place = sum(1 for old in blog.blocks if old.published > new.published)
        blog = replace(blog, blocks=(*blog.blocks[:place], new, *blog.blocks[place:]))
    return blog


def edit(
    blog: Blog,
    which: str,
    now: datetime | None,
    *body: str | Picture,
    title: str | None = None,
) -> Blog:
    """Change a block's body, title or both, and show it as updated at `now`.

    Without a body and title only its time changes. With `now` None no time changes.
    """
    old = find(blog, which)
    return _put(
        blog,
        replace(
            old,
            body=body or old.body,
            title=old.title if title is None else title,
            updated=old.updated if now is None else now.replace(microsecond=0),
        ),
    )


def promote(blog: Blog, which: str, kind: Kind = Kind.KEY_EVENT, title: str | None = None) -> Blog:
    """Make a block a key event or summary, with a title if one is given. No time changes."""
    old = find(blog, which)
    return _put(blog, replace(old, kind=kind, title=old.title if title is None else title))


def demote(blog: Blog, which: str) -> Blog:
    """Make a block an ordinary one again. No time changes."""
    return promote(blog, which, Kind.ORDINARY)


def pin(blog: Blog, which: str) -> Blog:
    """Show a copy of a block above all others, in place of any other pinned one."""
    return replace(blog, pinned=find(blog, which).id)


def unpin(blog: Blog) -> Blog:
    """Show no pinned copy."""
    return replace(blog, pinned="")


def retract(blog: Blog, which: str) -> Blog:
    """Take a block away without a notice, as publishers do."""
    old = find(blog, which)
    return replace(
        blog,
        blocks=tuple(kept for kept in blog.blocks if kept is not old),
        withdrawn=(*blog.withdrawn, old),
        pinned="" if blog.pinned == which else blog.pinned,
    )


def restore(blog: Blog, which: str) -> Blog:
    """Put a withdrawn block back at the place that its time determines."""
    for old in blog.withdrawn:
        if old.id == which:
            rest = tuple(kept for kept in blog.withdrawn if kept is not old)
            return add(replace(blog, withdrawn=rest), old)
    raise KeyError(MISSING.format(which=f"{which} among the withdrawn", path=blog.path))


def reorder(blog: Blog, ids: Sequence[str]) -> Blog:
    """Show the blocks in another order. `ids` names each of them once."""
    if sorted(ids) != sorted(shown.id for shown in blog.blocks):
        raise ValueError("an order names every block once")
    return replace(blog, blocks=tuple(find(blog, which) for which in ids))


def paginate(blog: Blog, page_size: int) -> Blog:
    """Show at most `page_size` blocks on a page."""
    if page_size < 1:
        raise ValueError("a page shows at least one block")
    return replace(blog, page_size=page_size)


def close(blog: Blog, title: str | None = None) -> Blog:
    """End the blog, with a new title if one is given."""
    return replace(blog, live=False, title=blog.title if title is None else title)


def reopen(blog: Blog, title: str | None = None) -> Blog:
    """Make an ended blog live again."""
    return replace(blog, live=True, title=blog.title if title is None else title)


def _put(blog: Blog, new: Block) -> Blog:
    return replace(blog, blocks=tuple(new if b.id == new.id else b for b in blog.blocks))


def _digest(name: str) -> str:
    return blake2s(name.encode(), digest_size=8).hexdigest()
