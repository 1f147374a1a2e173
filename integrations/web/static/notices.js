// What a careful colleague would add to an answer, each with a quiet mark.

import { element } from "./dom.js";

const MARKS = new Map([
  ["dated", "dated"],
  ["review_due", "dated"],
  ["may_change", "dated"],
  ["as_of", "dated"],
  ["superseded", "superseded"],
  ["disagree", "disagree"],
  ["sources_differ", "disagree"],
  ["original_language", "language"],
]);

/** The notices of an answer as elements. */
export function notices({ notices: given, nearby, language }) {
  // What is near stands there as questions already.
  return given
    .filter(({ kind }) => kind !== "nearby" || !nearby.length)
    .map(({ kind, text }) => {
      const attributes = { class: "notice", role: "note", dir: "auto", lang: language, "data-kind": markOf(kind) };
      return element("p", attributes, text);
    });
}

function markOf(kind) {
  if (MARKS.has(kind)) return MARKS.get(kind);
  return ["model", "partial"].find((mark) => kind.startsWith(mark)) ?? "info";
}
