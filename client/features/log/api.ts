/** The log over HTTP (rules L). */
import * as v from "valibot";
import { HEAD_KINDS } from "../../../shared/head_model.ts";
import { SmallMapSchema } from "../../../shared/small_map.ts";
import { checked } from "../../http/http.ts";

const EntrySchema = v.object({
  id: v.number(),
  start: v.string(),
  end: v.string(),
  frames: v.number(),
  classIndex: v.number(),
  label: v.string(),
  peak: v.number(),
  mean: v.number(),
  method: v.string(),
  modelId: v.string(),
  modelName: v.string(),
  modelHash: v.string(),
  taughtHead: v.nullable(v.picklist(HEAD_KINDS)),
  map: v.nullable(SmallMapSchema),
});

/** Something that stayed in view, as the log has it. */
export type LogEntry = v.InferOutput<typeof EntrySchema>;

const PageSchema = v.object({
  entries: v.array(EntrySchema),
  total: v.number(),
  next: v.nullable(v.number()),
});

/** A part of the list. */
export type EntryPage = v.InferOutput<typeof PageSchema>;

const RemovalSchema = v.object({ undo: v.number(), removed: v.number() });

const TrashSchema = v.object({
  batches: v.array(v.object({
    undo: v.number(),
    cause: v.picklist(["people", "age"]),
    at: v.string(),
    entries: v.number(),
  })),
});
/** Entries that went to the trash together. */
export type TrashBatch = v.InferOutput<typeof TrashSchema>["batches"][number];

/** Which entries are looked for. */
export interface Search {
  /** Part of the label; empty: any. */
  readonly label: string;
  /** A day as YYYY-MM-DD in local time; empty: any. */
  readonly day: string;
}

/** The search as part of an address, with its question mark, or nothing. */
export function searchQuery({ label, day }: Search): string {
  const query = new URLSearchParams();
  if (label.trim() !== "") query.set("label", label.trim());
  const from = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00`) : null;
  if (from !== null && !Number.isNaN(from.getTime())) {
    // The next midnight, not 24 hours on: some days are longer.
    const to = new Date(from.getFullYear(), from.getMonth(), from.getDate() + 1);
    query.set("from", from.toISOString());
    query.set("to", to.toISOString());
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** A page of entries below the id `before`, or the newest. */
export async function listEntries(
  search: Search,
  before: number | null,
  signal: AbortSignal,
): Promise<EntryPage> {
  const query = new URLSearchParams(searchQuery(search));
  if (before !== null) query.set("before", String(before));
  const response = await checked(await fetch(`/api/log?${query}`, { signal }));
  return v.parse(PageSchema, await response.json());
}

/** Moves one entry, or all that a search means, to the trash; the number restores them. */
export async function removeEntries(what: number | Search): Promise<{ undo: number; removed: number }> {
  const path = typeof what === "number" ? `/api/log/${what}` : `/api/log${searchQuery(what)}`;
  return v.parse(RemovalSchema, await (await checked(await fetch(path, { method: "DELETE" }))).json());
}

/** What is in the trash, the newest batch first. */
export async function listTrash(signal: AbortSignal): Promise<readonly TrashBatch[]> {
  const response = await checked(await fetch("/api/log/trash", { signal }));
  return v.parse(TrashSchema, await response.json()).batches;
}

/** Deletes for good what is in the trash. */
export async function emptyTrash(): Promise<void> {
  await (await checked(await fetch("/api/log/trash", { method: "DELETE" }))).body?.cancel();
}

/** Restores what one deletion, or their age, took. */
export async function undoRemoval(undo: number): Promise<void> {
  const response = await checked(await fetch(`/api/log/undo/${undo}`, { method: "POST" }));
  await response.body?.cancel();
}
