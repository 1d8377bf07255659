/** The decision log's store: what was seen from when to when, with its picture and map. */

import type { SmallMap } from "../../shared/small_map.ts";

/** A span as it is written. */
export interface LoggedSpan {
  /** In ms since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly frames: number;
  readonly classIndex: number;
  readonly label: string;
  readonly method: string;
  readonly modelId: string;
  readonly modelHash: string;
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
  /** Age at which an entry goes, in ms. */
  readonly maxAgeMs: number;
  /** Bytes of all entries with their pictures; the oldest go first. */
  readonly maxBytes: number;
}

/** Entries that a page holds at most. */
export const MAX_LOG_PAGE = 200;

/** How long deleted entries can be brought back, in ms. */
export const LOG_UNDO_MS = 10 * 60_000;

/** What an entry counts beside its picture and map, in bytes. */
export const LOG_ROW_BYTES = 256;

/**
 * Keeps entries. What was answered is on the disk. Times are the caller's, so that tests need no clock.
 *
 * Every method is synchronous or not as the implementation is; see {@link LogStore}.
 */
export interface LogTable {
  /** Adds an entry and brings its id; drops what the bounds do not allow any more. */
  append(span: LoggedSpan, picture: LoggedPicture | null, nowMs: number): number;
  /** Changes an entry; one that is gone stays gone. */
  amend(id: number, change: LogChange): void;
  /** Entries with ids below `before` (null: the newest), at most `limit`. */
  list(query: LogQuery, before: number | null, limit: number): LogPage;
  picture(id: number): LoggedPicture | null;
  /** Deletes an entry, or what a query means; `restore` with the number that comes back undoes it. */
  remove(what: number | LogQuery, nowMs: number): { readonly undo: number; readonly removed: number };
  /** Brings back what one `remove` took, and how many. */
  restore(undo: number): number;
  /** Drops what is too old, too much, or deleted for so long that nobody brings it back. */
  trim(nowMs: number): void;
  close(): void;
}

/** The same table beside the event loop: a commit waits for the disk. */
export type LogStore = {
  readonly [Name in keyof LogTable]: (
    ...values: Parameters<LogTable[Name]>
  ) => Promise<ReturnType<LogTable[Name]>>;
};
