// The one live region: states and whole answers are said here, single sentences are not.

import { element } from "./dom.js";
import { language } from "./words.js";

const region = document.getElementById("announcer");

/** Says texts (strings in the page's language, or {text, lang}) to those who listen to the page. */
export function announce(...texts) {
  const parts = texts.filter(Boolean).map((part) => (typeof part === "string" ? { text: part, lang: language } : part));
  region.replaceChildren(...parts.map(({ text, lang }) => element("span", { lang }, `${text} `)));
}
