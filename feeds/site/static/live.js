// New entries of a timeline, told as they come. Nothing on the page moves until the reader asks.
"use strict";

(() => {
  const button = document.getElementById("news");
  const said = document.getElementById("said");
  const title = document.title;
  const news = new Map(); // entry number → "new" or "changed"
  let timeline = document.getElementById("timeline");
  let stream = null;
  let cursor = "";

  const KEY = {
    all: () => true,
    "key-events": (entry) => entry.key_event || entry.summary,
    summaries: (entry) => entry.summary,
  };
  const COMING = new Set(["entry.published", "entry.promoted", "entry.restored"]);

  function hear(event) {
    cursor = event.lastEventId || cursor;
    const change = JSON.parse(event.data);
    const entry = change.entry;
    if (!entry || change.backfill) return;
    const { publisher } = timeline.dataset;
    if (publisher && new URL(change.blog.url).hostname.replace(/^www\./, "") !== publisher) return;
    const here = document.getElementById(`e${entry.number}`);
    if (!here && !(COMING.has(change.type) && KEY[timeline.dataset.kind](entry))) return;
    news.set(entry.number, here ? "changed" : "new");
    tell();
  }

  function counted(kind) {
    return [...news.values()].filter((one) => one === kind).length;
  }

  function tell() {
    const fresh = counted("new");
    const changed = counted("changed");
    const parts = [];
    if (fresh) parts.push(`${fresh} new ${fresh === 1 ? "entry" : "entries"}`);
    if (changed) parts.push(`${changed} changed`);
    button.hidden = !parts.length;
    button.textContent = parts.length ? `Show ${parts.join(", ")}` : "";
    said.textContent = parts.length ? `${parts.join(", ")}.` : "";
    document.title = fresh ? `(${fresh}) ${title}` : title;
  }

  function show(event) {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("GET", button.href);
    request.responseType = "document"; // which is parsed, and runs nothing
    request.onload = () => {
      const next = request.response && request.response.getElementById("timeline");
      if (request.status === 200 && next) replace(document.adoptNode(next));
      else location.assign(button.href);
    };
    request.onerror = () => location.assign(button.href);
    request.send();
  }

  function replace(next) {
    for (const [number, kind] of news) {
      const post = next.querySelector(`#e${number}`);
      if (post) post.classList.add(kind === "new" ? "is-new" : "is-changed");
    }
    timeline.replaceWith(next);
    timeline = next;
    news.clear();
    tell();
    cursor = "";
    listen();
    const first = timeline.querySelector(".is-new, .is-changed") || timeline;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  }

  function listen() {
    hush();
    const address = timeline.dataset.stream;
    stream = new EventSource(cursor ? address.replace(/after=\d+/, `after=${cursor}`) : address);
    for (const type of ["published", "updated", "promoted", "demoted", "retracted", "restored"])
      stream.addEventListener(`entry.${type}`, hear);
    // The page is older than what the stream remembers: all of it may be other.
    stream.addEventListener("reset", () => {
      hush();
      button.textContent = "Show what is new";
      button.hidden = false;
    });
  }

  function hush() {
    if (stream) stream.close();
    stream = null;
  }

  button.addEventListener("click", show);
  // A browser keeps few connections to a site: pages that nobody looks at hold none.
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  addEventListener("pagehide", hush);
  if (!document.hidden) listen();
})();
