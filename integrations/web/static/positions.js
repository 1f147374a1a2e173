// "What do the sources say?": each source with its date and what it says, instead of one text made of them all.

import { citationLink } from "./answer-text.js";
import { element } from "./dom.js";
import { dateOf, originalLink } from "./publication.js";
import { word } from "./words.js";

/** The rows, newest first; none where there is nothing to set side by side. */
export function positionsOf(answer) {
  const { positions = [] } = answer;
  if (positions.length < 2) return dated(quotedBySource(answer));
  const cited = new Map(answer.sentences.flatMap(({ citations }) => citations).map((each) => [each.number, each]));
  return positions.map((each) => ({ ...each, quotes: [each.says], citation: cited.get(each.number) ?? null }));
}

/** A table of them. */
export function positionsTable(rows, open) {
  const heads = ["source", "date", "says"].map((name) => element("th", { scope: "col" }, word(`positions.${name}`)));
  const caption = element("caption", {}, word("positions.note"));
  const bodies = groupsOf(rows).map((group) => bodyElement(group, open));
  return element("table", { class: "table stacked" }, caption, element("thead", {}, element("tr", {}, ...heads)), ...bodies);
}

/** Rows on one thing stand together already. */
function groupsOf(rows) {
  const groups = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group && group[0].about === row.about) group.push(row);
    else groups.push([row]);
  }
  return groups;
}

function bodyElement(rows, open) {
  const [{ about }] = rows;
  const title = about ? [element("th", { class: "about", scope: "rowgroup", colspan: "3", dir: "auto", lang: "" }, about)] : [];
  return element("tbody", {}, ...title.map((head) => element("tr", {}, head)), ...rows.map((row) => rowElement(row, open)));
}

function rowElement({ publisher, title, published, url, quotes, citation }, open) {
  const name = element("bdi", {}, publisher || title || "");
  const source = citation ? [name, " ", citationLink(citation, open)] : [originalNamed(name, url)];
  return element(
    "tr",
    {},
    element("th", { scope: "row", "data-label": word("positions.source") }, ...source),
    element("td", { class: "date", "data-label": word("positions.date") }, dateOf(published)),
    element(
      "td",
      { class: "says", "data-label": word("positions.says") },
      ...quotes.map((quote) => element("p", { dir: "auto", lang: "" }, quote)),
    ),
  );
}

function originalNamed(name, url) {
  const link = originalLink(url);
  if (!link) return name;
  link.replaceChildren(name);
  return link;
}

function quotedBySource(answer) {
  const rows = new Map(answer.sources.map((source) => [source.number, { ...source, quotes: [], citation: null }]));
  for (const citation of answer.sentences.flatMap(({ citations }) => citations)) {
    const row = rows.get(citation.number);
    row.citation ??= citation;
    if (!row.quotes.includes(citation.quote)) row.quotes.push(citation.quote);
  }
  return [...rows.values()];
}

/** Worth a table where sources of different days say different things. */
function dated(rows) {
  const said = new Set(rows.map(({ quotes }) => quotes.join("\n")));
  const days = new Set(rows.map(({ published }) => published).filter(Boolean));
  if (said.size < 2 || days.size < 2) return [];
  return rows.sort((one, other) => (other.published ?? "").localeCompare(one.published ?? ""));
}
