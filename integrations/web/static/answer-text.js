// The sentences of an answer with the numbers of their sources.

import { element, onPlainClick } from "./dom.js";
import { placeAddress } from "./publication.js";
import { word } from "./words.js";

/** A sentence; `open(citation, link)` shows the cited place. */
export function sentenceElement({ text, citations }, open) {
  // The last word and its first number stay on one line.
  const cut = text.lastIndexOf(" ") + 1;
  const links = citations.map((citation) => citationLink(citation, open));
  const tail = element("span", { class: "tail" }, text.slice(cut), ...links.slice(0, 1));
  return element("span", { class: "sentence" }, text.slice(0, cut), tail, ...links.slice(1));
}

/** The number of a source. It is a link to the quoted place in the library, and opens beside the answer. */
export function citationLink(citation, open) {
  const { number, title, place } = citation;
  const link = element(
    "a",
    {
      class: "citation",
      href: placeAddress(citation),
      "aria-label": word("answer.source", { number, title, place }),
      title: [title, place].filter(Boolean).join("\n"),
    },
    String(number),
  );
  onPlainClick(link, () => open(citation, link));
  return link;
}
