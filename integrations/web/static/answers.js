// What can be done with an answer that the desk keeps. Each throws DeskError.

import { apiAddress, request } from "./desk.js";

const answerPath = (id, part) => `answers/${encodeURIComponent(id)}/${part}`;

/** `kind` is docx or pdf. */
export function briefingAddress(id, kind) {
  return apiAddress(answerPath(id, `briefing.${kind}`));
}

/** `told` is {helpful, reason?, comment?}. */
export function giveFeedback(id, told) {
  return request("PUT", answerPath(id, "feedback"), told);
}

/** {url, expires}: a link for those who may read the same documents. */
export function share(id) {
  return request("POST", answerPath(id, "share"));
}

export function unshare(id) {
  return request("DELETE", answerPath(id, "share"));
}

export function askPerson(id, note) {
  return request("POST", answerPath(id, "escalation"), { note });
}

/** {text, model}: the words of a citation in another language. */
export function translateQuote(id, citation, language) {
  const { passage_id, start } = citation;
  return request("POST", answerPath(id, "translation"), { passage_id, start, language });
}
