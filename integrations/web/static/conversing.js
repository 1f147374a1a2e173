// The conversation that the question box makes, and the panel for the documents behind it.

import { announce } from "./announcer.js";
import { Conversation } from "./conversation.js";
import { DocumentPanel } from "./document-panel.js";
import { word } from "./words.js";

const find = (id) => document.getElementById(id);

/** What the page is asked from now on; {ask(question), stop()}. A conversation that the server kept stands there. */
export function startConversation(composer) {
  const panel = new DocumentPanel();
  const conversation = new Conversation(find("conversation"), {
    ask,
    edit: (question) => composer.edit(question),
    floor: () => composer.form,
    openCitation: (citation, opener, answerId) => panel.open(citation, opener, answerId),
    setRunning: (isRunning) => composer.setRunning(isRunning),
  });
  const kept = find("conversation-kept");
  if (kept) {
    begin();
    conversation.restore(JSON.parse(kept.textContent));
  }
  return { ask, stop: () => conversation.stop() };

  function ask(question) {
    if (conversation.isRunning) {
      announce(word("box.wait"));
      return;
    }
    if (conversation.isEmpty) {
      begin();
      document.title = `${question} · ${document.title}`;
    }
    const view = conversation.ask(question);
    composer.fill("");
    // Back to the box for a follow-up; on a touch screen that would raise the keyboard over the answer.
    if (matchMedia("(pointer: coarse)").matches) view.title.focus({ preventScroll: true });
    else composer.focus();
  }

  /** From the start to a conversation. */
  function begin() {
    find("start")?.classList.add("over");
    find("examples")?.remove();
    composer.follow();
  }
}
