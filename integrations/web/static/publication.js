// How a publication is named: its publisher, its date, its place in the library and its address elsewhere.

import { readableDate } from "./dates.js";
import { pathOf } from "./desk.js";
import { element } from "./dom.js";
import { desk, word } from "./words.js";

/** "IOM · June 2024", with the date as a <time>. */
export function publisherAndDate({ publisher, published }) {
  const name = publisher ? element("bdi", {}, publisher) : null;
  return element("span", { class: "facts" }, name, publisher ? " · " : "", dateOf(published));
}

export function dateOf(published) {
  return published ? element("time", { datetime: published }, readableDate(published)) : word("answer.undated");
}

/** A link to the original, or null where there is none that is safe to follow. */
export function originalLink(address) {
  const url = webAddress(address);
  if (!url) return null;
  // A new tab, because leaving the page would stop an answer that is being written.
  return element(
    "a",
    { class: "original", href: url.href, target: "_blank", rel: "noopener noreferrer" },
    word("answer.original", { host: url.hostname }),
    element("span", { class: "unseen" }, ` ${word("answer.new_tab")}`),
  );
}

/** Where the quoted words stand in the library. */
export function placeAddress({ document_id, version, start, end }) {
  return `${desk.root}/library/${pathOf(document_id)}?version=${version}&from=${start}&to=${end}#quote`;
}

/** "Publisher · date · Original at …" as a line. */
export function publicationFacts(publication) {
  const link = originalLink(publication.url);
  return element("p", { class: "facts" }, publisherAndDate(publication), link ? " · " : null, link);
}

export function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
