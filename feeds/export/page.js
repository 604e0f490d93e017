(() => {
  "use strict";
  // Letters are compared without their marks, in any case; all words must be there.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = document.getElementById("words");
  const found = document.getElementById("found");
  const days = [...document.querySelectorAll(".daily")].map((day) => ({
    day,
    posts: [...day.querySelectorAll(".post")].map((post) => ({ post, says: null })),
  }));
  const search = () => {
    const asked = fold(words.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { day, posts } of days) {
      let any = false;
      for (const one of posts) {
        one.says ??= fold(one.post.textContent);
        const says = asked.every((word) => one.says.includes(word));
        one.post.hidden = !says;
        any ||= says;
        count += says;
      }
      day.hidden = !any;
    }
    found.textContent = asked.length ? `${count} ${count === 1 ? "entry" : "entries"}` : "";
  };
  let waiting;
  words.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  document.querySelector(".sift").hidden = false;
})();
