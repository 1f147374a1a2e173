// An answer for somebody else's document: its sentences with numbers, and the numbered sources with dates and links.

import { readableDate } from "./dates.js";
import { element } from "./dom.js";
import { webAddress } from "./publication.js";
import { word } from "./words.js";

/** Copies it as plain and as rich text, with the day it was given. Whether the browser let us. */
export function copyAnswer(question, answer, day) {
  const closing = `${word("tools.as_of", { date: readableDate(day) })} · ${word("tools.check")}`;
  return copy({ plain: plainText(question, answer, closing), rich: richText(question, answer, closing) });
}

export function copyLink(address) {
  return copy({ plain: address, rich: element("a", { href: address }, address).outerHTML });
}

function plainText(question, answer, closing) {
  const said = answer.sentences.map(({ text, citations }) => `${text} ${numbersOf(citations)}`).join("\n");
  const sources = answer.sources.map((source) => {
    const address = webAddress(source.url)?.href;
    return [`[${source.number}] ${nameOf(source)}`, address].filter(Boolean).join("\n    ");
  });
  const listed = sources.length ? [`${word("answer.sources")}\n${sources.join("\n")}`] : [];
  const notices = answer.notices.map(({ text }) => text);
  return [question, said || answer.text, ...notices, ...listed, closing].join("\n\n");
}

function richText(question, answer, closing) {
  const said = answer.sentences.length
    ? answer.sentences.map(({ text, citations }) => element("p", {}, `${text} ${numbersOf(citations)}`))
    : [element("p", {}, answer.text)];
  const items = answer.sources.map((source) => {
    const address = webAddress(source.url)?.href;
    const parts = address ? [`${nameOf(source)} `, element("a", { href: address }, address)] : [nameOf(source)];
    return element("p", {}, `[${source.number}] `, ...parts);
  });
  const whole = element(
    "div",
    {},
    element("p", {}, element("strong", {}, question)),
    ...said,
    ...answer.notices.map(({ text }) => element("p", {}, element("em", {}, text))),
    ...(items.length ? [element("p", {}, element("strong", {}, word("answer.sources"))), ...items] : []),
    element("p", {}, element("em", {}, closing)),
  );
  return whole.outerHTML;
}

function numbersOf(citations) {
  return [...new Set(citations.map(({ number }) => `[${number}]`))].join("");
}

function nameOf({ title, publisher, published }) {
  const date = published ? readableDate(published) : word("answer.undated");
  return [title, publisher, date].filter(Boolean).join(", ");
}

async function copy({ plain, rich }) {
  try {
    const kinds = { "text/plain": plain, "text/html": rich };
    const blobs = Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return copyByCommand(plain, rich); // no clipboard without https, or not allowed
  }
}

function copyByCommand(plain, rich) {
  const fill = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", plain);
    event.clipboardData.setData("text/html", rich);
  };
  document.addEventListener("copy", fill, { once: true });
  const hasWorked = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return hasWorked;
}
