// What the page asks of the server: answers as streams, documents, and everything else as JSON.

import { readEvents } from "./sse.js";
import { desk, word } from "./words.js";

/** Something went wrong, in words that can be shown. `code` is the server's, or "unreachable". */
export class DeskError extends Error {
  constructor(message, code = "", reference = "") {
    super(message);
    this.code = code;
    this.reference = reference;
  }
}

/**
 * The events {id, name, data} of one answer, as they come. Throws DeskError when the desk refuses, and AbortError when
 * stopped. A stream that breaks simply ends: whether it was whole, only its `finished` says.
 */
export async function* converse(asked, signal) {
  const response = await send("POST", "chat", { body: asked, accept: "text/event-stream", signal });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw notUnderstood();
  try {
    for await (const { id, name, data } of readEvents(response.body)) yield { id, name, data: JSON.parse(data) };
  } catch (error) {
    if (signal.aborted) throw error;
    console.info("The stream broke off:", error);
  }
}

/** What the desk answers to a request, as JSON; null where it answers nothing. Throws DeskError. */
export async function request(method, path, body) {
  const response = await send(method, path, { body });
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    throw notUnderstood();
  }
}

/** A version of a document with its whole text. Throws DeskError when it cannot be shown. */
export function fetchDocument(id, version) {
  return request("GET", `documents/${pathOf(id)}?version=${version}`);
}

/** An address below the API. */
export function apiAddress(path) {
  return `${desk.root}/api/v1/${path}`;
}

/** An id as part of an address. */
export function pathOf(id) {
  return id.split("/").map(encodeURIComponent).join("/");
}

async function send(method, path, { body, accept = "application/json", signal }) {
  const headers = { Accept: accept };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(apiAddress(path), { method, headers, body: JSON.stringify(body), signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new DeskError(word("problem.unreachable"), "unreachable");
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

function notUnderstood() {
  return new DeskError(word("problem.not_understood"));
}

async function refusal(response) {
  let told = {};
  try {
    told = (await response.json()).error ?? {};
  } catch {
    // A proxy's page, or nothing at all: the status has to do.
  }
  return new DeskError(explanation(response.status, told), told.code, told.reference ?? "");
}

/** Our own words where the kind of failure is known; a reason that the operator wrote stands as it is. */
function explanation(status, { code, message }) {
  if (code === "closed") return message;
  if (status === 401) return word("problem.sign_in");
  if (status === 404) return word("problem.gone");
  if (code === "no_model_left") return word("problem.spent");
  if (status === 429 || code === "busy") return word("problem.busy");
  if (status >= 500) return word("problem.unavailable");
  return message ? `${word("problem.refused")} ${message}` : word("problem.refused");
}
