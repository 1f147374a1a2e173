// What the documents do not answer goes to a person, and their reply comes back to the answer.

import { askPerson } from "./answers.js";
import { button, element, newId } from "./dom.js";
import { word } from "./words.js";

const LONGEST_NOTE = 2000; // characters

/** The form for a note, in `space`; `tell(act)` runs what may fail and says the words it returns. */
export function showPersonForm(answerId, space, tell) {
  const id = newId("note");
  const note = element("textarea", { id, rows: "3", maxlength: LONGEST_NOTE, dir: "auto" });
  const form = element(
    "form",
    { class: "form tool-form" },
    element("p", {}, word("person.explain")),
    element("div", { class: "field" }, element("label", { for: id }, word("person.note")), note),
    element(
      "div",
      { class: "actions" },
      element("button", { type: "submit" }, word("feedback.send")),
      button(word("feedback.cancel"), () => space.replaceChildren(), { class: "secondary" }),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(async () => {
      await askPerson(answerId, note.value.trim());
      space.replaceChildren(element("p", { class: "notice", "data-kind": "good" }, word("person.sent")));
      return word("person.sent");
    });
  });
  space.replaceChildren(form);
  note.focus();
}

/** Where a question to a person stands; null where none was asked. */
export function personState(escalation) {
  if (!escalation) return null;
  const reply = escalation.reply ?? null;
  if (!reply) return element("p", { class: "notice", "data-kind": "info" }, word("person.sent"));
  return element(
    "section",
    { class: "reply" },
    element("h3", {}, word("person.replied")),
    element("p", { class: "reply-text", dir: "auto", lang: "" }, reply),
    element("p", { class: "facts" }, word("person.unchecked")),
  );
}
