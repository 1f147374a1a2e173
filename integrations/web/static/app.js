// The page: a question box, the conversation it makes, and what is announced of it.

import { converse, DeskError } from "./desk.js";
import { DocumentPanel } from "./document-panel.js";
import { element } from "./dom.js";
import { counted, ExchangeView } from "./exchange-view.js";
import { keepInView } from "./keep-in-view.js";

const MAX_HISTORY = 6; // turns: one question or one answer each
const MAX_TEXT = 4000; // characters, of a question and of a turn
const ROOM_SHOWN_BELOW = 400; // characters left

const STOPPED = "Stopped. The answer is not complete.";
const BROKEN_OFF = "The connection broke off before the answer was complete.";

const find = (id) => document.getElementById(id);
const box = find("question");
const panel = new DocumentPanel();
const exchanges = []; // {question, answer, view}; the answer is null until it has finished
let running = null; // the AbortController of the answer that is being written

/** Asks the exchange's question, for the first time or again. */
async function answer(exchange) {
  const stopper = new AbortController();
  setRunning(stopper);
  exchange.answer = null;
  exchange.view.begin();
  const letGo = keepInView(exchange.view.article, find("composer"));
  try {
    for await (const event of converse(exchange.question, historyBefore(exchange), stopper.signal)) {
      if (event.name === "failed") {
        exchange.view.interrupt(event.data.message, event.data.reference);
        return;
      }
      exchange.view.receive(event);
      if (event.name === "finished") {
        exchange.answer = event.data.answer;
        return;
      }
    }
    exchange.view.interrupt(BROKEN_OFF);
  } catch (error) {
    exchange.view.interrupt(explanation(error, stopper.signal));
  } finally {
    letGo();
    setRunning(null);
  }
}

function explanation(error, signal) {
  if (signal.aborted) return STOPPED;
  if (error instanceof DeskError) return error.message;
  console.error(error);
  return BROKEN_OFF;
}

/** The last turns before this exchange, of those that were answered. */
function historyBefore(exchange) {
  return exchanges
    .slice(0, exchanges.indexOf(exchange))
    .filter((earlier) => earlier.answer && earlier.answer.outcome !== "FAILED")
    .flatMap(({ question, answer: { text } }) => [
      { role: "user", text: question },
      { role: "assistant", text: [...text].slice(0, MAX_TEXT).join("") },
    ])
    .slice(-MAX_HISTORY);
}

function ask(question) {
  if (running) {
    announce("An answer is still being written. Stop it first, or wait.");
    return;
  }
  const exchange = { question, answer: null };
  const retry = () => {
    if (running) return;
    exchange.view.title.focus();
    answer(exchange);
  };
  const openCitation = (citation, opener) => panel.open(citation, opener);
  exchange.view = new ExchangeView(question, { openCitation, retry, announce });
  exchanges.push(exchange);
  find("conversation").append(exchange.view.article);
  find("examples").hidden = true;
  find("new-conversation").hidden = false;
  fillBox("");
  focusAfterAsking(exchange.view);
  answer(exchange);
}

/** Back to the box for a follow-up; on a touch screen that would raise the keyboard over the answer. */
function focusAfterAsking(view) {
  if (matchMedia("(pointer: coarse)").matches) view.title.focus({ preventScroll: true });
  else box.focus({ preventScroll: true });
}

function setRunning(stopper) {
  const hadFocus = document.activeElement === find("stop");
  running = stopper;
  find("ask").hidden = running !== null;
  find("stop").hidden = running === null;
  if (hadFocus) box.focus({ preventScroll: true });
}

/** Says texts (strings in English, or {text, lang}) to those who listen to the page. */
function announce(...texts) {
  const parts = texts.map((part) => (typeof part === "string" ? { text: part, lang: "en" } : part));
  find("announcer").replaceChildren(...parts.map(({ text, lang }) => element("span", { lang }, `${text} `)));
}

function fillBox(text) {
  box.value = text;
  fitBox();
}

/** The box grows with its text; how far, the style sheet says. */
function fitBox() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
  const room = box.maxLength - box.value.length;
  find("question-room").textContent = room < ROOM_SHOWN_BELOW ? `${counted(room, "character")} left.` : "";
}

function submit() {
  const question = box.value.trim();
  if (question) ask(question);
  else box.focus();
}

function start() {
  find("composer").hidden = false;
  find("examples").hidden = false;
  find("composer").noValidate = true; // an empty question just waits
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", fitBox);
  box.addEventListener("keydown", (event) => {
    // Enter also accepts a suggestion of an input method (229 in Safari); that must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  addEventListener("resize", fitBox);
  find("stop").addEventListener("click", () => running?.abort());
  for (const example of find("examples").querySelectorAll("button")) {
    example.addEventListener("click", () => {
      fillBox(example.textContent);
      submit();
    });
  }
  fitBox();
}

start();
