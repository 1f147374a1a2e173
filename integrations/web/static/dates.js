// Dates of sources in the reader's words; digits stay western, as they stand in the documents.

import { desk } from "./words.js";

/** YYYY, YYYY-MM or YYYY-MM-DD, with or without a time after it, as people write it; anything else as it stands. */
export function readableDate(published) {
  const match = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2})(?:T.*)?)?)?$/.exec(published);
  if (!match) return published;
  const [, year, month, day] = match;
  const { dates } = desk;
  const parts = { year, month: dates.months[month - 1], day: Number(day) };
  return dates[day ? "day" : month ? "month" : "year"].replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}

/** The newest of some dates of that kind, or null. */
export function newest(dates) {
  return dates.filter(Boolean).sort().at(-1) ?? null;
}

/** Today where the reader is. */
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
