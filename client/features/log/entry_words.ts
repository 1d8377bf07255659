/** What is said about an entry of the log. Pure. */
import { aspectOf } from "../../../shared/aspect.ts";
import { HEAD_NAMES } from "../../../shared/head_model.ts";
import type { ListedModel, Welcome } from "../../../shared/protocol.ts";
import { type NameOf, shortLabel } from "../../view/labels.ts";
import type { LogEntry } from "./api.ts";

/** A moment as people read it: today's without the day. */
export function whenWords(at: string, now = new Date()): string {
  const date = new Date(at);
  return date.toDateString() === now.toDateString()
    ? date.toLocaleTimeString()
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** How many entries. */
export function countWords(entries: number): string {
  return entries === 1 ? "1 entry" : `${entries.toLocaleString("en")} entries`;
}

/** When it was seen, and for how long. */
export function timeWords({ start, end }: Pick<LogEntry, "start" | "end">): string {
  return `${whenWords(start)}, for ${durationWords(new Date(end).getTime() - new Date(start).getTime())}`;
}

/** A duration of so many ms, to the second or the minute. */
export function durationWords(ms: number): string {
  const seconds = ms / 1_000;
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** What names an entry: the server of now, as far as it knows the entry's model and method. */
export interface EntryNames {
  readonly welcome: Pick<Welcome, "methods"> & { readonly model: Pick<Welcome["model"], "id"> } | null;
  readonly nameOf: NameOf;
}

/** Width over height of what an entry's model saw of its picture; null where the server no longer knows the model. */
export function entryAspect(
  { modelId }: Pick<LogEntry, "modelId">,
  models: readonly Pick<ListedModel, "id" | "width" | "height">[],
): number | null {
  const { width, height } = models.find(({ id }) => id === modelId) ?? { width: null, height: null };
  return width === null || height === null ? null : aspectOf({ width, height });
}

/** Name of the method that made the entry's map; its id where the server no longer knows it. */
export function methodName({ method }: Pick<LogEntry, "method">, { welcome }: EntryNames): string {
  return welcome?.methods.find(({ id }) => id === method)?.name ?? method;
}

/** What an entry's model was called, and the head that was taught on it. */
export function modelWords({ modelName, taughtHead }: Pick<LogEntry, "modelName" | "taughtHead">): string {
  return taughtHead === null ? modelName : `${modelName} (taught, ${HEAD_NAMES[taughtHead].toLowerCase()})`;
}

/** What an entry is called; one of another model says nothing about which names this one shares. */
export function labelOf(
  { modelId, classIndex, label }: Pick<LogEntry, "modelId" | "classIndex" | "label">,
  { welcome, nameOf }: EntryNames,
): string {
  return modelId === welcome?.model.id ? nameOf(classIndex, label) : shortLabel(label);
}
