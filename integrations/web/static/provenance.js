// "How this was answered": what shaped an answer, folded away until somebody wants to know.

import { element } from "./dom.js";
import { word } from "./words.js";

/** `trail` holds what the stream said on the way: {id, searched, passages, dropped}. */
export function provenanceDetails(provenance, trail) {
  const prompts = Object.entries(provenance.prompts).map(([name, hash]) => [`${name} `, code(hash.slice(0, 12))]);
  const times = Object.entries(provenance.timings_ms).map(([step, ms]) => `${step} ${seconds(ms)}`);
  const rows = [
    ["searched", trail.searched],
    ["passages", list(placesOf(trail.passages))],
    ["dropped", list(trail.dropped)],
    ["written", provenance.model ?? word("how.no_model")],
    ["embedder", provenance.embedder],
    ["index", code(provenance.index)],
    ["prompts", list(prompts)],
    ["time", times.join(", ")],
    ["answer", code(trail.id)],
  ];
  return element(
    "details",
    { class: "provenance" },
    element("summary", {}, word("how.title")),
    element("dl", { class: "pairs" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => row(name, value))),
  );
}

/** Title and place of each passage; several passages of one place are told once. */
function placesOf(passages) {
  return [...new Set(passages.map(({ title, place }) => [title, place].filter(Boolean).join(", ")))];
}

function row(name, value) {
  return [element("dt", {}, word(`how.${name}`)), element("dd", { dir: "auto" }, value)];
}

/** Items, each a text or a list of children, or null when there are none. */
function list(items) {
  if (!items.length) return null;
  return element("ul", { class: "plain" }, ...items.map((item) => element("li", { dir: "auto" }, ...[item].flat())));
}

function code(text) {
  return text ? element("code", {}, text) : null;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(milliseconds < 100 ? 2 : 1)} s`;
}
