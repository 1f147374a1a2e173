// One question with its answer, as it grows.

import { button, element } from "./dom.js";
import { provenanceDetails } from "./provenance.js";
import { originalLink, publisherAndDate } from "./publication.js";

const LABELS = new Map([
  ["PARTIAL", "Answered in part"],
  ["NOT_COVERED", "Not in the documents"],
  ["NEEDS_CLARIFICATION", "A question back"],
  ["DECLINED", "Declined"],
  ["EVIDENCE_ONLY", "In the documents’ own words"],
  ["FAILED", "Not answered"],
]);

let made = 0;

export class ExchangeView {
  #status = element("p", { class: "status" });
  #label = element("p", { class: "outcome", hidden: true });
  #answer = element("div", { class: "answer", dir: "auto" });
  #after = element("div", { class: "after" });
  #said = [];
  #trail; // what happened on the way, for "How this was answered"
  #act;

  /** `act` has openCitation(citation, opener), retry() and announce(…texts, each a string or {text, lang}). */
  constructor(question, act) {
    this.#act = act;
    made += 1;
    const title = element("h2", { id: `question-${made}`, tabindex: "-1", dir: "auto" }, question);
    if (question.length > 160) title.className = "long";
    this.title = title; // the heading, for those who move focus
    this.article = element(
      "article",
      { class: "exchange", "aria-labelledby": title.id },
      title,
      this.#status,
      this.#label,
      this.#answer,
      this.#after,
    );
  }

  begin() {
    this.#said = [];
    this.#trail = { id: "", searched: "", passages: [], dropped: [] };
    this.#label.hidden = true;
    this.#answer.replaceChildren();
    this.#answer.className = "answer";
    this.#answer.removeAttribute("lang");
    this.#after.replaceChildren();
    this.article.setAttribute("aria-busy", "true");
    this.#setStatus("Searching the documents…");
  }

  /** Shows one event of the stream. Names this page does not know are passed over. */
  receive({ id, name, data }) {
    this.#trail.id = id.split("/")[0];
    switch (name) {
      case "searching":
        this.#trail.searched = data.question;
        break;
      case "found":
        this.#trail.passages = data.passages;
        if (data.passages.length) this.#setStatus(`Reading ${counted(data.passages.length, "passage")}…`);
        break;
      case "said":
        this.#say(data.sentence);
        break;
      case "dropped":
        this.#trail.dropped.push(data.reason);
        break;
      case "finished":
        this.#finish(data.answer);
        break;
    }
  }

  /** The answer ended before it was whole: what came stays, and the question can be asked again. */
  interrupt(message, reference = "") {
    this.#end();
    const box = element("div", { class: "interrupted" }, element("p", { dir: "auto" }, message));
    if (reference) box.append(element("p", { class: "facts" }, `Reference: ${reference}`));
    box.append(button("Try again", () => this.#act.retry(), { class: "secondary" }));
    this.#after.append(box);
    this.#act.announce(message);
  }

  #setStatus(text) {
    this.#status.textContent = text;
    this.#status.hidden = text === "";
    if (text) this.#act.announce(text);
  }

  #end() {
    this.#setStatus("");
    this.article.removeAttribute("aria-busy");
  }

  #say(sentence) {
    this.#said.push(sentence);
    this.#answer.append(this.#sentence(sentence), " ");
  }

  #sentence({ text, citations }) {
    // The last word and its citations stay on one line.
    const cut = text.lastIndexOf(" ") + 1;
    const buttons = citations.map((citation) =>
      button(String(citation.number), (opener) => this.#act.openCitation(citation, opener), {
        class: "citation",
        "aria-haspopup": "dialog",
        "aria-label": `Source ${citation.number}: ${citation.title}, ${citation.locator}`,
        title: [citation.title, citation.locator].filter(Boolean).join("\n"),
      }),
    );
    const tail = element("span", { class: "tail" }, text.slice(cut), ...buttons.slice(0, 1));
    return element("span", { class: "sentence" }, text.slice(0, cut), tail, ...buttons.slice(1));
  }

  #finish(answer) {
    this.#end();
    const isQuoting = answer.provenance.model === null && answer.sentences.length > 0;
    this.#showOutcome(answer.outcome);
    // Quotes are in the language of their documents, which may be any.
    this.#answer.lang = isQuoting ? "" : answer.language;
    this.title.lang = answer.language; // the desk answers in the language of the question
    this.#showText(answer);
    if (isQuoting) this.#setApart();
    this.#after.append(
      ...answer.notices.map(({ text }) =>
        element("p", { class: "notice", role: "note", dir: "auto", lang: answer.language }, text),
      ),
      ...sourceList(answer.sources),
      provenanceDetails(answer.provenance, this.#trail),
    );
    if (answer.outcome === "FAILED") {
      this.#after.prepend(button("Try again", () => this.#act.retry(), { class: "secondary" }));
    }
    this.#act.announce(
      `${LABELS.get(answer.outcome) ?? "Answer"}:`,
      { text: answer.text, lang: this.#answer.lang },
      answer.sources.length ? `${counted(answer.sources.length, "source")}.` : "",
    );
  }

  #showOutcome(outcome) {
    this.#label.textContent = LABELS.get(outcome) ?? "";
    this.#label.hidden = !LABELS.has(outcome);
  }

  /** The finished answer has the last word, but what already stands there right is not touched: it may have focus. */
  #showText(answer) {
    if (!answer.sentences.length) {
      this.#answer.classList.add("message");
      this.#answer.replaceChildren(element("p", { dir: "auto" }, answer.text));
    } else if (JSON.stringify(answer.sentences) !== JSON.stringify(this.#said)) {
      this.#answer.replaceChildren();
      this.#said = [];
      for (const sentence of answer.sentences) this.#say(sentence);
    }
  }

  /** Quotes from several places do not read as one text: each stands alone, in its own direction. */
  #setApart() {
    this.#answer.classList.add("quotes");
    for (const sentence of this.#answer.children) sentence.dir = "auto";
  }
}

function sourceList(sources) {
  if (!sources.length) return [];
  const items = sources.map((source) => {
    const link = originalLink(source.url);
    return element(
      "li",
      { value: source.number },
      element("span", { dir: "auto" }, source.title),
      element("p", {}, publisherAndDate(source), link ? " · " : null, link),
    );
  });
  return [element("h3", {}, "Sources"), element("ol", { class: "sources" }, ...items)];
}

export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
