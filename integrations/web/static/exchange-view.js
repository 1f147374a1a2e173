// One question with its answer, as it grows.

import { toolsOf } from "./after-answer.js";
import { announce } from "./announcer.js";
import { sentenceElement } from "./answer-text.js";
import { today } from "./dates.js";
import { button, element, newId } from "./dom.js";
import { notices } from "./notices.js";
import { positionsOf, positionsTable } from "./positions.js";
import { provenanceDetails } from "./provenance.js";
import { sourceFacts, sourceList } from "./sources.js";
import { counted, word } from "./words.js";

const LONG_QUESTION = 160; // characters
const FOUND_SHOWN = 3; // titles, while the answer is being written

export class ExchangeView {
  #status = element("p", { class: "status" });
  #outcome = element("p", { class: "outcome", hidden: true });
  #answer = element("div", { class: "answer", dir: "auto" });
  #after = element("div", { class: "after" });
  #said = [];
  #trail; // what happened on the way, for "How this was answered"
  #kept = { answerId: null, askedAt: today(), feedback: null, escalation: null };
  #question;
  #act;

  /** `act` has openCitation(citation, opener, answerId), ask(question), edit(question) and retry(). */
  constructor(question, act) {
    this.#question = question;
    this.#act = act;
    const isLong = question.length > LONG_QUESTION;
    const attributes = { id: newId("question"), class: isLong ? "asked long" : "asked", tabindex: "-1", dir: "auto" };
    this.title = element("h2", attributes, question); // for those who move focus
    this.article = element(
      "article",
      { class: "exchange", "aria-labelledby": this.title.id },
      this.title,
      this.#status,
      this.#outcome,
      this.#answer,
      this.#after,
    );
    this.#empty();
  }

  begin() {
    this.#empty();
    this.article.setAttribute("aria-busy", "true");
    this.#setStatus(word("status.searching"));
  }

  /** There is no network; the question waits. */
  wait() {
    this.#setStatus(word("status.waiting"));
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
        this.#showFound(data.passages);
        break;
      case "said":
        this.#say(data.sentence);
        break;
      case "dropped":
        this.#trail.dropped.push(data.reason);
        break;
      case "finished":
        this.#kept.answerId = data.answer_id ?? null;
        this.#finish(data.answer, data.suggestions ?? []);
        announce(...spoken(data.answer, this.#answer.lang));
        break;
    }
  }

  /**
   * An answer of before: {answer_id, asked_at, answer, feedback, escalation}, where the answer is null if it is gone;
   * with a remark (an element or null) and what could be asked next.
   */
  show({ answer_id, asked_at, answer, feedback, escalation }, { remark, suggestions }) {
    this.#kept = { answerId: answer_id, askedAt: asked_at, feedback, escalation };
    this.#trail.id = answer_id;
    if (remark) this.#outcome.before(remark);
    if (answer) this.#finish(answer, suggestions);
    else {
      this.#setStatus("");
      this.#answer.classList.add("message");
      this.#answer.replaceChildren(element("p", {}, word("outcome.gone")));
    }
  }

  /** The answer ended before it was whole: what came stays, and the question can be asked again. */
  interrupt(message, reference = "") {
    this.#end();
    this.#after.replaceChildren();
    const box = element("div", { class: "interrupted" }, element("p", { dir: "auto" }, message));
    if (reference) box.append(element("p", { class: "facts" }, word("problem.reference", { reference })));
    box.append(
      element(
        "div",
        { class: "actions" },
        button(word("status.again"), () => this.#act.retry(), { class: "secondary" }),
        button(word("answer.edit"), () => this.#act.edit(this.#question), { class: "plain" }),
      ),
    );
    this.#after.append(box);
    announce(message);
  }

  #empty() {
    this.#said = [];
    this.#trail = { id: "", searched: "", passages: [], dropped: [] };
    this.#outcome.hidden = true;
    this.#answer.hidden = false;
    this.#answer.replaceChildren();
    this.#answer.className = "answer";
    this.#answer.removeAttribute("lang");
    this.#after.replaceChildren();
  }

  #setStatus(text) {
    this.#status.textContent = text;
    this.#status.hidden = text === "";
    if (text) announce(text);
  }

  #end() {
    this.#setStatus("");
    this.article.removeAttribute("aria-busy");
  }

  #showFound(passages) {
    if (!passages.length) return;
    this.#setStatus(counted("status.reading", passages.length));
    const titles = [...new Set(passages.map(({ title }) => title))].slice(0, FOUND_SHOWN);
    const items = titles.map((title) => element("li", { dir: "auto" }, title));
    this.#after.replaceChildren(element("ul", { class: "found" }, ...items));
  }

  #say(sentence) {
    this.#said.push(sentence);
    this.#answer.append(sentenceElement(sentence, this.#open), " ");
  }

  #open = (citation, opener) => this.#act.openCitation(citation, opener, this.#kept.answerId);

  #finish(answer, suggestions) {
    this.#end();
    const isQuoting = answer.provenance.model === null && answer.sentences.length > 0;
    this.#showOutcome(answer);
    // Quotes are in the language of their documents, which may be any.
    this.#answer.lang = isQuoting ? "" : answer.language;
    this.title.lang = answer.language; // the desk answers in the language of the question
    this.#showText(answer);
    if (isQuoting) this.#setApart();
    if (this.#kept.answerId) {
      this.article.id = `answer-${this.#kept.answerId}`;
      this.article.dataset.answer = this.#kept.answerId;
    }
    const isFailed = answer.outcome === "FAILED";
    const edit = () => this.#act.edit(this.#question);
    this.#after.replaceChildren(
      ...(isFailed ? [button(word("status.again"), () => this.#act.retry(), { class: "secondary" })] : []),
      ...this.#positions(answer),
      ...this.#questions(answer.choices, "answer.choices", "choices"),
      ...this.#near(answer.nearby, suggestions),
      ...notices(answer),
      ...sourceList(answer.sources),
      ...(isFailed ? [] : toolsOf(this.#question, answer, this.#kept, edit)),
      ...(answer.nearby.length ? [] : this.#questions(suggestions, "answer.next", "next")),
      provenanceDetails(answer.provenance, this.#trail),
    );
  }

  #showOutcome({ outcome, sources }) {
    const facts = sources.length ? element("span", { class: "facts" }, sourceFacts(sources)) : null;
    const label = outcome === "ANSWERED" ? null : element("span", { class: "label" }, labelOf(outcome));
    this.#outcome.dataset.outcome = outcome;
    this.#outcome.replaceChildren(...[label, facts].filter(Boolean));
    this.#outcome.hidden = !this.#outcome.hasChildNodes();
  }

  /** The finished answer has the last word, but what already stands there right is not touched: it may have focus. */
  #showText(answer) {
    if (!answer.sentences.length) {
      this.#answer.classList.add("message");
      // The choices of a question back follow as buttons.
      const text = answer.choices.length ? answer.text.split("\n")[0] : answer.text;
      this.#answer.replaceChildren(element("p", { dir: "auto" }, text));
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

  /** A table in the place of the text, for who wants to see who says what, and when. */
  #positions(answer) {
    const rows = positionsOf(answer);
    if (!rows.length) return [];
    const id = newId("positions");
    const table = element("div", { id, class: "positions", hidden: true }, positionsTable(rows, this.#open));
    const toggle = button(
      word("positions.show"),
      () => {
        table.hidden = !table.hidden;
        this.#answer.hidden = !table.hidden;
        toggle.setAttribute("aria-expanded", String(!table.hidden));
        toggle.textContent = word(table.hidden ? "positions.show" : "positions.hide");
      },
      { class: "secondary small", "aria-expanded": "false", "aria-controls": id },
    );
    return [table, toggle];
  }

  /** What the library holds near to what it does not answer; the suggestions are questions on that. */
  #near(titles, suggestions) {
    const questions = suggestions.length ? suggestions : titles.map((topic) => word("answer.about", { topic }));
    return this.#questions(titles.length ? questions : [], "answer.nearby", "nearby");
  }

  /** Questions to choose from: each a text, or {question} as the server suggests it. */
  #questions(choices, key, name) {
    if (!choices.length) return [];
    const items = choices.map((choice) => {
      const question = choice.question ?? choice;
      return element("li", {}, button(question, () => this.#act.ask(question), { dir: "auto" }));
    });
    // The text of a question back asks it already.
    const title = element("h3", { class: name === "choices" ? "unseen" : null }, word(key));
    return [element("section", { class: name }, title, element("ul", {}, ...items))];
  }
}

function labelOf(outcome) {
  return word(`outcome.${outcome.toLowerCase()}`);
}

function spoken(answer, lang) {
  return [
    `${labelOf(answer.outcome)}:`,
    { text: answer.text, lang },
    answer.sources.length ? `${counted("answer.count", answer.sources.length)}.` : "",
  ];
}
