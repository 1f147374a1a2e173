// What the page asks of the server. Addresses are relative, so that the page also works below a path.

import { readEvents } from "./sse.js";

/** Something went wrong, in words that can be shown. */
export class DeskError extends Error {}

const UNREACHABLE = "The desk could not be reached. Check your connection and try again.";
const NOT_UNDERSTOOD = "The desk sent something this page does not understand. Try again later.";

/**
 * The events {id, name, data} of one answer, as they come. Throws DeskError when the desk refuses, and AbortError when
 * stopped. A stream that breaks simply ends: whether it was whole, only its `finished` says.
 */
export async function* converse(question, history, signal) {
  const response = await send("api/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ question, history }),
    signal,
  });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new DeskError(NOT_UNDERSTOOD);
  try {
    for await (const { id, name, data } of readEvents(response.body)) yield { id, name, data: JSON.parse(data) };
  } catch (error) {
    if (signal.aborted) throw error;
    console.warn("The stream broke off:", error);
  }
}

/** An id as part of an address. */
export function pathOf(id) {
  return id.split("/").map(encodeURIComponent).join("/");
}

/** A version of a document with its whole text. Throws DeskError when it cannot be shown. */
export async function fetchDocument(id, version) {
  const address = `api/documents/${pathOf(id)}?version=${version}`;
  const response = await send(address, { headers: { Accept: "application/json" } });
  try {
    return await response.json();
  } catch {
    throw new DeskError(NOT_UNDERSTOOD);
  }
}

async function send(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new DeskError(UNREACHABLE);
  }
  if (!response.ok) throw new DeskError(await refusal(response));
  return response;
}

async function refusal(response) {
  try {
    const { error } = await response.json();
    if (error.message) return error.reference ? `${error.message} Reference: ${error.reference}` : error.message;
  } catch {
    // A proxy's page, or nothing at all: the status has to do.
  }
  if (response.status === 429) return "The desk is busy. Wait a minute and try again.";
  if (response.status >= 500) return "The desk is not available right now. Try again in a few minutes.";
  return "The desk could not take this question.";
}
