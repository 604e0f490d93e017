"""The export formats by name."""

from feeds.export import csv, html, ics, jsonl, markdown, parquet, timelinejs

FORMATS = {
    one.name: one
    for one in (
        jsonl.FORMAT,
        csv.FORMAT,
        markdown.FORMAT,
        html.FORMAT,
        timelinejs.FORMAT,
        ics.FORMAT,
        parquet.FORMAT,
    )
}
