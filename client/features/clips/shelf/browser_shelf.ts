/** The shelf of this browser: rows in IndexedDB, files in the private file system or else beside the rows. */
import { indexedFiles, indexedRows, openIndexed } from "./_indexed.ts";
import { openPrivateFiles } from "./_private_files.ts";
import { createMemoryShelf } from "./memory_shelf.ts";
import type { ClipInfo, NewClip, Shelf } from "./shelf.ts";
import { StoredShelf } from "./stored_shelf.ts";

/** Where a shelf lies. */
export interface BrowserShelfOptions {
  /** Name of the database and the folder; default `gradcast-clips`. */
  readonly name?: string;
  /** False puts files into the database as well; default true. */
  readonly privateFiles?: boolean;
  /** Time in ms since 1970; default the system's. */
  readonly now?: () => number;
}

/** A shelf that asks the browser to keep what lies on it. */
class BrowserShelf extends StoredShelf {
  override add(clip: NewClip): Promise<ClipInfo> {
    // Otherwise the browser may delete clips when the disk gets full; some ask the person first, and no is no fault.
    navigator.storage?.persist?.().catch(() => {});
    return super.add(clip);
  }
}

/**
 * Opens a shelf.
 *
 * @throws DOMException where the browser lets the page keep nothing
 */
export async function openBrowserShelf(
  { name = "gradcast-clips", privateFiles = true, now = Date.now }: BrowserShelfOptions = {},
): Promise<Shelf> {
  const database = await openIndexed(name);
  const files = privateFiles ? await openPrivateFiles(name) : null;
  return new BrowserShelf({
    rows: indexedRows(database),
    files: files ?? indexedFiles(database),
    lasting: true,
    now,
  });
}

let shared: Promise<Shelf> | undefined;

/** Returns the page's one shelf, opened when it is first asked for; in memory where the browser keeps nothing. */
export function pageShelf(): Promise<Shelf> {
  return shared ??= openBrowserShelf().catch(() => createMemoryShelf());
}
