// Server-sent events from the body of a fetch, which EventSource cannot read because the question is POSTed.

/** Turns text, cut anywhere, into events {id, name, data}. Pure: no streams, no clocks. */
export class EventParser {
  #rest = "";
  #id = "";
  #name = "";
  #data = [];

  /** The events that became complete with this text. `last` says that no more will follow. */
  push(text, last = false) {
    const events = [];
    for (const line of this.#takeLines(text, last)) {
      if (line !== "") this.#field(line);
      else if (this.#data.length) events.push(this.#dispatch());
      else this.#name = "";
    }
    return events; // What has no blank line after it was cut off, and is no event.
  }

  #takeLines(text, last) {
    // A carriage return at the very end waits for the next chunk, which may begin with its line feed.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?=[^])/);
    this.#rest = lines.pop();
    if (last && this.#rest.endsWith("\r")) lines.push(this.#rest.slice(0, -1));
    return lines;
  }

  #field(line) {
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
  }

  #dispatch() {
    const event = { id: this.#id, name: this.#name || "message", data: this.#data.join("\n") };
    this.#name = "";
    this.#data = [];
    return event;
  }
}

/** The events of a byte stream. Throws when nothing, not even a comment, has come for `idleMs`. */
export async function* readEvents(stream, idleMs = 60_000) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await within(idleMs, reader.read());
      yield* parser.push(done ? decoder.decode() : decoder.decode(value, { stream: true }), done);
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function within(milliseconds, promise) {
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("The stream fell silent.")), milliseconds);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
