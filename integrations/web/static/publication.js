// How a publication is named: its publisher, its date and its address.

import { element } from "./dom.js";

/** "IOM, June 2024", with the date as a <time>. */
export function publisherAndDate({ publisher, published }) {
  const date = published ? element("time", { datetime: published }, readableDate(published)) : "undated";
  return element("span", { class: "facts", dir: "auto" }, publisher ? `${publisher}, ` : "", date);
}

/** A link to the original, or null where there is none that is safe to follow. */
export function originalLink(address) {
  const url = webAddress(address);
  if (!url) return null;
  // A new tab, because leaving the page would end the conversation: it is kept nowhere else.
  return element(
    "a",
    { href: url.href, target: "_blank", rel: "noopener noreferrer" },
    `Original at ${url.hostname}`,
    element("span", { class: "unseen" }, " (opens in a new tab)"),
  );
}

function webAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** YYYY, YYYY-MM or YYYY-MM-DD as people write it; anything else as it stands. */
function readableDate(published) {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(published);
  if (!match) return published;
  const [, year, month, day] = match;
  if (!month) return year;
  const format = { year: "numeric", month: "long", day: day ? "numeric" : undefined, timeZone: "UTC" };
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  return new Intl.DateTimeFormat("en-GB", format).format(date);
}
