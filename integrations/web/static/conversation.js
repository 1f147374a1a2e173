// The questions and answers of one conversation, and what is asked of the server for them.

import { settle } from "./address.js";
import { backOnline, isOffline } from "./connection.js";
import { converse, DeskError } from "./desk.js";
import { ExchangeView } from "./exchange-view.js";
import { keepInView } from "./keep-in-view.js";
import { desk, word } from "./words.js";

const MAX_HISTORY = 6; // turns: one question or one answer each
const MAX_TEXT = 4000; // characters of a turn

export class Conversation {
  #exchanges = []; // {question, answer, view}; the answer is null until it has finished
  #id = null; // by which the desk keeps it
  #running = null; // the AbortController of the answer that is being written
  #list;
  #act;

  /** `act` has openCitation(citation, opener, answerId), edit(question), setRunning(isRunning), floor() (what stands below the answers), ask(question). */
  constructor(list, act) {
    this.#list = list;
    this.#act = act;
  }

  get isRunning() {
    return this.#running !== null;
  }

  get isEmpty() {
    return this.#exchanges.length === 0;
  }

  /** Takes over a conversation that the server has kept: {id, turns}. */
  restore({ id, turns }) {
    this.#id = id;
    const drawn = [...this.#list.children];
    this.#list.replaceChildren();
    turns.forEach((turn, at) => {
      const exchange = this.#add(turn.question);
      exchange.answer = turn.answer;
      exchange.view.show(turn, told(drawn[at]));
    });
  }

  /** Asks a question; the view of it, which fills by itself. */
  ask(question) {
    const exchange = this.#add(question);
    this.#answer(exchange);
    return exchange.view;
  }

  stop() {
    this.#running?.abort();
  }

  #add(question) {
    const exchange = { question, answer: null };
    const retry = () => {
      if (this.isRunning) return;
      exchange.view.title.focus();
      this.#answer(exchange);
    };
    exchange.view = new ExchangeView(question, { ...this.#act, retry });
    this.#exchanges.push(exchange);
    this.#list.append(exchange.view.article);
    return exchange;
  }

  /** Asks the exchange's question, for the first time or again. */
  async #answer(exchange) {
    const stopper = new AbortController();
    this.#setRunning(stopper);
    exchange.answer = null;
    const { view } = exchange;
    const letGo = keepInView(view.article, this.#act.floor());
    try {
      await this.#receive(exchange, stopper.signal);
    } catch (error) {
      if (stopper.signal.aborted) view.interrupt(word("status.stopped"));
      else if (error instanceof DeskError) view.interrupt(error.message, error.reference);
      else {
        console.error(error);
        view.interrupt(word("status.broken"));
      }
    } finally {
      letGo();
      this.#setRunning(null);
    }
  }

  async #receive(exchange, signal) {
    const { view } = exchange;
    view.begin();
    for (;;) {
      if (isOffline()) {
        view.wait();
        await backOnline(signal);
        view.begin();
      }
      try {
        return await this.#stream(exchange, signal);
      } catch (error) {
        // The network went with the question on its way: it is asked when the network is back.
        if (error.code !== "unreachable" || !isOffline()) throw error;
      }
    }
  }

  async #stream(exchange, signal) {
    const { view } = exchange;
    for await (const event of converse(this.#body(exchange), signal)) {
      if (event.name === "failed") {
        view.interrupt(event.data.message, event.data.reference);
        return;
      }
      view.receive(event);
      if (event.name === "finished") {
        exchange.answer = event.data.answer;
        this.#keep(event.data.conversation);
        return;
      }
    }
    view.interrupt(word("status.broken"));
  }

  #body(exchange) {
    const { question } = exchange;
    return this.#id ? { question, conversation: this.#id } : { question, history: this.#historyBefore(exchange) };
  }

  /** From now on the desk knows this conversation, and this page has an address. */
  #keep(id) {
    if (!id || id === this.#id) return;
    this.#id = id;
    settle(`${desk.root}/conversations/${encodeURIComponent(id)}`);
  }

  /** The last turns before this exchange, of those that were answered. */
  #historyBefore(exchange) {
    return this.#exchanges
      .slice(0, this.#exchanges.indexOf(exchange))
      .filter((earlier) => earlier.answer && earlier.answer.outcome !== "FAILED")
      .flatMap(({ question, answer: { text } }) => [
        { role: "user", text: question },
        { role: "assistant", text: [...text].slice(0, MAX_TEXT).join("") },
      ])
      .slice(-MAX_HISTORY);
  }

  #setRunning(stopper) {
    this.#running = stopper;
    this.#act.setRunning(this.isRunning);
  }
}

/** What only the server knows of an answer it has drawn: a remark on it, and what could be asked next. */
function told(article) {
  const asked = article?.querySelectorAll(":is(.next, .nearby) [name=question]") ?? [];
  return { remark: article?.querySelector(":scope > .notice") ?? null, suggestions: [...asked].map(({ value }) => value) };
}
