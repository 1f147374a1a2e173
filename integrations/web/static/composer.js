// The question box.

import { showWhileOffline } from "./connection.js";
import { element } from "./dom.js";
import { counted, word } from "./words.js";

const ROOM_SHOWN_BELOW = 400; // characters left

const find = (id) => document.getElementById(id);

export class Composer {
  form = find("composer");
  #box = find("question");
  #onAsk;

  /** `onAsk(question)` and `onStop()` say what the reader wants. */
  constructor({ onAsk, onStop }) {
    this.#onAsk = onAsk;
    this.form.noValidate = true; // an empty question just waits
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener("input", () => this.#fit());
    this.#box.addEventListener("keydown", (event) => {
      // Enter also accepts a suggestion of an input method (229 in Safari); that must not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    addEventListener("resize", () => this.#fit());
    find("stop").addEventListener("click", onStop);
    find("question-keys").hidden = false;
    const offline = element("p", { class: "offline", hidden: true }, word("status.offline"));
    this.form.prepend(offline);
    showWhileOffline(offline);
    this.#fit();
  }

  fill(text) {
    this.#box.value = text;
    this.#fit();
  }

  /** Takes a question up again, to be changed. */
  edit(text) {
    this.fill(text);
    this.#box.focus();
    this.#box.setSelectionRange(text.length, text.length);
  }

  focus() {
    this.#box.focus({ preventScroll: true });
  }

  /** From the first question on, the next one is a follow-up. */
  follow() {
    this.form.classList.add("follows");
    this.form.querySelector("label").textContent = word("box.follow_up");
    find("new-conversation").hidden = false;
  }

  setRunning(isRunning) {
    const hadFocus = document.activeElement === find("stop");
    find("ask").hidden = isRunning;
    find("stop").hidden = !isRunning;
    if (hadFocus) find("ask").focus({ preventScroll: true });
  }

  /** Leaves the page for one that the server makes. */
  sendAsForm() {
    this.form.submit();
  }

  #submit() {
    const question = this.#box.value.trim();
    if (question) this.#onAsk(question);
    else this.#box.focus();
  }

  /** The box grows with its text; how far, the style sheet says. */
  #fit() {
    const box = this.#box;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
    const room = box.maxLength - box.value.length;
    find("question-room").textContent = room < ROOM_SHOWN_BELOW ? counted("box.room", room) : "";
  }
}
