// What can be done with a finished answer.

import { announce } from "./announcer.js";
import { briefingAddress } from "./answers.js";
import { copyAnswer } from "./copying.js";
import { DeskError } from "./desk.js";
import { button, element } from "./dom.js";
import { feedbackGiven, feedbackTool } from "./feedback.js";
import { personState, showPersonForm } from "./person.js";
import { shareAnswer } from "./sharing.js";
import { word } from "./words.js";

const KINDS = [
  ["docx", "Word (DOCX)"],
  ["pdf", "PDF"],
];

/**
 * The tools, and the room below them in which they speak. `kept` is {answerId, askedAt, feedback, escalation};
 * without an answerId the desk keeps nothing, and only what needs nothing kept is offered. `edit()` takes the question up again.
 */
export function toolsOf(question, answer, kept, edit) {
  const space = element("div", { class: "tool-space" });
  const tell = (act) => told(space, act);
  const { answerId } = kept;
  const copy = async () => {
    const hasWorked = await copyAnswer(question, answer, answer.as_of ?? kept.askedAt);
    return word(hasWorked ? "tools.copied" : "tools.not_copied");
  };
  const say = (act) => tell(async () => shown(space, await act()));
  const tools = [button(word("tools.copy"), () => say(copy), { class: "tool" })];
  if (answerId) {
    tools.push(
      button(word("tools.share"), () => tell(() => shareAnswer(answerId, space, tell)), { class: "tool" }),
      exportMenu(answerId),
    );
  }
  tools.push(button(word("answer.edit"), edit, { class: "tool" }));
  const state = personState(kept.escalation);
  if (answerId && !state) {
    const ask = () => showPersonForm(answerId, space, tell);
    tools.push(button(word("person.ask"), ask, { class: "tool" }));
  }
  if (answerId) tools.push(kept.feedback ? feedbackGiven() : feedbackTool(answerId, space, tell));
  const bar = element("div", { class: "tools", role: "group", "aria-label": word("tools.label") }, ...tools);
  return [state, bar, space].filter(Boolean);
}

/** Runs what may fail; the words it returns, or why it failed, are said. */
async function told(space, act) {
  try {
    announce(await act());
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    announce(shown(space, error.message, "warn"));
  }
}

function shown(space, text, kind = "good") {
  space.replaceChildren(element("p", { class: "notice", "data-kind": kind, dir: "auto" }, text));
  return text;
}

function exportMenu(answerId) {
  const items = KINDS.map(([kind, name]) =>
    element("li", {}, element("a", { href: briefingAddress(answerId, kind), download: true, lang: "en" }, name)),
  );
  const menu = element(
    "details",
    { class: "menu" },
    element("summary", { class: "tool" }, word("tools.export")),
    element("ul", {}, ...items),
  );
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !menu.contains(relatedTarget) && close());
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    close();
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("click", (event) => event.target.closest("a") && close());
  return menu;
}
