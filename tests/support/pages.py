"""Snapshots as a publisher's page would yield them, for tests of what is made of them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from store.entry import Provenance, TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
URL = "https://news.example/live/2026/may/04/harbour"
PROVENANCE = Provenance(page_url=URL, fetched_at=START, sha256="0" * 64, platform="test")


@dataclass(frozen=True, slots=True)
class Block:
    """One block as its publisher knows it."""

    id: str
    published: datetime
    body: str
    title: str = ""
    updated: datetime | None = None
    key: bool = False
    summary: bool = False
    pinned: bool = False

    def edited(self, body: str, at: datetime | None = None) -> "Block":
        return replace(self, body=body, updated=at or self.updated)


def block(name: str, minute: int = 0, body: str = "", **more: object) -> Block:
    return Block(name, START + timedelta(minutes=minute), body or f"What {name} says", **more)


def sighting(of: Block, view: View = View.BLOCK) -> Sighting:
    """Return a block's sighting in one view; only the block's own view has its picture."""
    picture = (
        '<figure><img src="https://news.example/a.jpg"></figure>' if view is View.BLOCK else ""
    )
    told = view is View.MODEL
    return Sighting(
        view=view,
        block_id=of.id,
        published=of.published,
        updated=of.updated,
        time_precision=TimePrecision.SECOND,
        title=of.title,
        html=f"<p>{of.body}</p>{picture}",
        text=of.body,
        permalink=f"{URL}#{of.id}",
        key_event=of.key if told else None,
        summary=of.summary if told else None,
        pinned=True if view is View.PINNED else None,
    )


def at_another(snapshot: Snapshot, url: str) -> Snapshot:
    """Return a snapshot of the same blocks on another publisher's page."""
    shown = [replace(one, permalink=f"{url}#{one.block_id}") for one in snapshot.sightings]
    return replace(snapshot, url=url, claimed_url=url, sightings=tuple(shown))


def page(
    blocks: list[Block],
    *,
    shown: int | None = None,
    page_time: datetime | None = None,
    live: bool | None = True,
    **more: object,
) -> Snapshot:
    """Return a snapshot of a blog: its newest `shown` blocks, its carousel and pinned copies."""
    on_page = blocks if shown is None else blocks[:shown]
    return Snapshot(
        url=URL,
        kind=Kind.LIVE_BLOG,
        platform="test",
        title="A day at the harbour",
        live=live,
        sightings=(
            *(sighting(b, View.PINNED) for b in blocks if b.pinned),
            *(sighting(b) for b in on_page),
            *(sighting(b, View.MODEL) for b in blocks if b.key or b.summary),
        ),
        **{
            "shows_top": True,
            "shows_bottom": len(on_page) == len(blocks),
            "lists_every_key_event": True,
            "page_time": page_time,
            "claimed_url": URL,
            **more,
        },
    )
