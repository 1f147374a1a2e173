// A document's stored text as elements, with the quoted words marked.

import { element } from "./dom.js";

/** The text in paragraphs and headings, and the <mark>s in it (none when the quote is not there). */
export function renderText(stored, citation) {
  const quote = locateQuote(stored.text, citation);
  const headings = new Set(stored.sections.map((section) => section.heading));
  const content = document.createDocumentFragment();
  let afterBlank = true;
  for (const { line, start } of linesOf(stored.text)) {
    if (line.trim() === "") {
      afterBlank = true;
      continue;
    }
    const tag = headings.has(line.trim()) ? "h3" : "p";
    content.append(element(tag, { dir: "auto", class: afterBlank ? null : "close" }, ...marked(line, start, quote)));
    afterBlank = false;
  }
  return { content, marks: [...content.querySelectorAll("mark")] };
}

/**
 * Where the quote lies, in UTF-16 units. The offsets are trusted only if the quoted words stand there; after a new
 * version of the document they may stand elsewhere, or nowhere: then null.
 */
function locateQuote(text, citation) {
  const start = utf16Offset(text, citation.start);
  const end = utf16Offset(text, citation.end);
  if (text.slice(start, end) === citation.quote) return { start, end };
  const elsewhere = citation.quote ? text.indexOf(citation.quote) : -1;
  return elsewhere < 0 ? null : { start: elsewhere, end: elsewhere + citation.quote.length };
}

/** The server counts code points, JavaScript counts UTF-16 units; they part at the first emoji. */
export function utf16Offset(text, codePoints) {
  let offset = 0;
  for (let passed = 0; passed < codePoints && offset < text.length; passed += 1) {
    offset += text.codePointAt(offset) > 0xffff ? 2 : 1;
  }
  return offset;
}

function* linesOf(text) {
  let start = 0;
  for (const line of text.split("\n")) {
    yield { line, start };
    start += line.length + 1;
  }
}

/** The line's text, with the part of it that belongs to the quote inside a <mark>. */
function marked(line, lineStart, quote) {
  const from = quote ? Math.max(quote.start - lineStart, 0) : 0;
  const to = quote ? Math.min(quote.end - lineStart, line.length) : 0;
  if (from >= to) return [line];
  return [line.slice(0, from), element("mark", { tabindex: "-1" }, line.slice(from, to)), line.slice(to)];
}
