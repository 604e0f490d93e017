// Follow a stream with npm's eventsource; print the seq of each change, and end after the last one.
const { EventSource } = require("eventsource");
const [url, last, types] = process.argv.slice(2);
const source = new EventSource(url);
const hear = (event) => {
  console.log(JSON.parse(event.data).seq);
  if (Number(event.lastEventId) >= Number(last)) {
    source.close();
    process.exit(0);
  }
};
for (const type of types.split(",")) source.addEventListener(type, hear);
