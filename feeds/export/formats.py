"""The formats in which a topic can be taken away, by name."""

from feeds.export import jsonl

FORMATS = {one.name: one for one in (jsonl.FORMAT,)}
