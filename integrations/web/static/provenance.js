// "How this was answered": what shaped an answer, folded away until somebody wants to know.

import { element } from "./dom.js";

/** `trail` holds what the stream said on the way: {id, searched, passages, dropped}. */
export function provenanceDetails(provenance, trail) {
  const rows = [
    ["Searched for", trail.searched],
    ["Passages read", list(placesOf(trail.passages))],
    ["Statements left out by the checks", list(trail.dropped)],
    ["Written by", provenance.model ?? "no model: these are the documents’ own words"],
    ["Meaning compared by", provenance.embedder],
    ["Index", code(provenance.index)],
    ["Prompts", list(Object.entries(provenance.prompts).map(([name, hash]) => [`${name} `, code(hash.slice(0, 12))]))],
    ["Time", Object.entries(provenance.timings_ms).map(([step, ms]) => `${step} ${seconds(ms)}`).join(", ")],
    ["Answer", code(trail.id)],
  ];
  return element(
    "details",
    { class: "provenance" },
    element("summary", {}, "How this was answered"),
    element("dl", {}, ...rows.filter(([, value]) => value).flatMap(([term, value]) => row(term, value))),
  );
}

/** Title and locator of each passage; several passages of one place are told once. */
function placesOf(passages) {
  return [...new Set(passages.map(({ title, locator }) => [title, locator].filter(Boolean).join(", ")))];
}

function row(term, value) {
  return [element("dt", {}, term), element("dd", { dir: "auto" }, value)];
}

/** Items, each a text or a list of children, or null when there are none. */
function list(items) {
  if (!items.length) return null;
  return element("ul", {}, ...items.map((item) => element("li", { dir: "auto" }, ...[item].flat())));
}

function code(text) {
  return text ? element("code", {}, text) : null;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(milliseconds < 100 ? 2 : 1)} s`;
}
