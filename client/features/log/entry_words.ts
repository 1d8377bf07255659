/** What is said about an entry of the log. */
import type { Page } from "../../app/page.ts";
import { shortLabel } from "../../view/labels.ts";
import type { Entry } from "./api.ts";

/** A moment as people read it: today's without the day. */
export function whenWords(at: string): string {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString()
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** How many entries. */
export function countWords(entries: number): string {
  return entries === 1 ? "1 entry" : `${entries.toLocaleString("en")} entries`;
}

/** When it was seen, and for how long. */
export function timeWords({ start, end }: Entry): string {
  const from = new Date(start);
  const seconds = (new Date(end).getTime() - from.getTime()) / 1_000;
  return `${whenWords(start)}, for ${
    seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`
  }`;
}

/** Name of the method that made the entry's map; its id where the server no longer knows it. */
export function methodName(page: Page, { method }: Entry): string {
  return page.session.welcome.value?.methods.find(({ id }) => id === method)?.name ?? method;
}

/** What an entry is called; one of another model says nothing about which names this one shares. */
export function labelOf(page: Page, { modelId, classIndex, label }: Entry): string {
  return modelId === page.session.welcome.value?.model.id
    ? page.nameOf(classIndex, label)
    : shortLabel(label);
}
