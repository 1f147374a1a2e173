// The sources of an answer: how many, how new, and each with its publication.

import { newest, readableDate } from "./dates.js";
import { element } from "./dom.js";
import { publicationFacts } from "./publication.js";
import { counted, word } from "./words.js";

/** "3 sources · Newest source: June 2024" */
export function sourceFacts(sources) {
  const date = newest(sources.map(({ published }) => published));
  const said = [counted("answer.count", sources.length)];
  if (date) said.push(word("answer.newest", { date: readableDate(date) }));
  return said.join(" · ");
}

/** The numbered list under its heading; nothing where there are none. */
export function sourceList(sources) {
  if (!sources.length) return [];
  const items = sources.map((source) =>
    element("li", { value: source.number }, element("bdi", { class: "title", lang: "" }, source.title), publicationFacts(source)),
  );
  return [element("section", {}, element("h3", {}, word("answer.sources")), element("ol", { class: "sources" }, ...items))];
}
