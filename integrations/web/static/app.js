// The page on which questions are asked. The box is taken over first; what answers need is on its way meanwhile.

import { Composer } from "./composer.js";
import { backOnline } from "./connection.js";

const composer = new Composer({ onAsk: ask, onStop: async () => (await conversing).stop() });
const conversing = import("./conversing.js").then(({ startConversation }) => startConversation(composer));

async function ask(question) {
  let conversation;
  try {
    conversation = await conversing;
  } catch (error) {
    console.warn("Part of the page did not load; the question is sent as a form:", error);
    composer.fill(question);
    await backOnline();
    composer.sendAsForm(); // as without a script: the answer comes as a page
    return;
  }
  conversation.ask(question);
}

document.getElementById("examples")?.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(event.submitter.value);
});
