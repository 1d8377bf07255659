/** The decision log's store: what was seen from when to when, with its picture and map. */

import type { SmallMap } from "../../shared/small_map.ts";
import type { LoggedModel } from "../../shared/spans.ts";

/** A span as it is written. */
export interface LoggedSpan extends LoggedModel {
  /** In ms since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly frames: number;
  readonly classIndex: number;
  readonly label: string;
  readonly method: string;
  /** Highest and mean probability, 0…1. */
  readonly peak: number;
  readonly mean: number;
}

/** The picture of a span, as the viewer sent it. */
export interface LoggedPicture {
  readonly format: "jpeg" | "png";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A span that is kept; its picture is asked for by itself. */
export interface LogEntry extends LoggedSpan {
  /** Rises with every entry. */
  readonly id: number;
  readonly map: SmallMap | null;
}

/** Which entries are meant; all bounds are optional. */
export interface LogQuery {
  /** Spans that ended at or after this, in ms since 1970. */
  readonly fromMs?: number;
  /** Spans that began before this, in ms since 1970. */
  readonly toMs?: number;
  /** Part of the label, in any case and Unicode composition. */
  readonly label?: string;
  readonly method?: string;
}

/** A page of entries, the newest first. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Entries that the query means in all. */
  readonly total: number;
}

/** What is changed of an entry. */
export interface LogChange {
  readonly span?: LoggedSpan;
  readonly map?: SmallMap;
  readonly picture?: LoggedPicture;
}

/** How much is kept. */
export interface LogBounds {
  /** Age at which an entry goes to the trash, in ms. */
  readonly maxAgeMs: number;
  /** Bytes of all entries with their pictures, the trash included. */
  readonly maxBytes: number;
}

/** Entries that went to the trash together, and come back together. */
export interface TrashBatch {
  /** What `restore` takes. */
  readonly undo: number;
  /** Who put them there: people, or their age. */
  readonly cause: "people" | "age";
  /** When, in ms since 1970; of a batch by age the last time. */
  readonly atMs: number;
  readonly entries: number;
}

/** What the log holds. */
export interface LogUsage {
  /** Entries, and those in the trash. */
  readonly entries: number;
  readonly trashed: number;
  /** Bytes of both together, as the bounds count them. */
  readonly bytes: number;
}

/** Entries that a page holds at most. */
export const MAX_LOG_PAGE = 200;

/** How long entries stay in the trash, in ms. */
export const LOG_TRASH_MS = 7 * 86_400_000;

/** What goes by age within this time is one batch, in ms. */
export const LOG_AGE_BATCH_MS = 86_400_000;

/** What an entry counts beside its label, picture and map, in bytes: a row and its places in the indexes. */
export const LOG_ROW_BYTES = 512;

/** Bytes that an entry counts with its picture and map. */
export function entryBytes(label: string, pictureBytes: number, mapBytes: number): number {
  return LOG_ROW_BYTES + new TextEncoder().encode(label).length + pictureBytes + mapBytes;
}

/** Keeps entries. What was answered is on the disk. Where it cannot be, methods throw GradcastErrors. */
export interface LogTable {
  /** Adds an entry of `writer` (`OWN_WRITER` or an address) and returns its id; others may give way to it (L9). */
  append(span: LoggedSpan, picture: LoggedPicture | null, writer: string): number;
  /** Changes an entry; one that is gone stays gone. */
  amend(id: number, change: LogChange): void;
  /** Entries with ids below `before` (null: the newest), at most `limit`. */
  list(query: LogQuery, before: number | null, limit: number): LogPage;
  picture(id: number): LoggedPicture | null;
  /** Moves an entry, or what a query means, to the trash as one batch. */
  remove(what: number | LogQuery): { readonly undo: number; readonly removed: number };
  /** Takes a batch out of the trash and returns how many entries it had; what went by age counts as new from now on. */
  restore(undo: number): number;
  /** What is in the trash, the newest batch first. */
  trash(): readonly TrashBatch[];
  /** Deletes what is in the trash for good and returns how many entries that were. */
  emptyTrash(): number;
  /** Reads the clocks, moves what is too old to the trash and empties it of what was there for long; wants to be called every minute. */
  tidy(): void;
  usage(): LogUsage;
  close(): void;
}

/** Names of the table's methods. */
export const LOG_CALLS = [
  "append",
  "amend",
  "list",
  "picture",
  "remove",
  "restore",
  "trash",
  "emptyTrash",
  "tidy",
  "usage",
] as const satisfies readonly Exclude<keyof LogTable, "close">[];

/** The same table beside the event loop: a commit waits for the disk. */
export type LogStore = {
  readonly [Name in keyof LogTable]: (
    ...values: Parameters<LogTable[Name]>
  ) => Promise<ReturnType<LogTable[Name]>>;
};
