/** Entry of the worker that holds the rows of clips. */
import { CLOCK_SAVED_EVERY_MS } from "./age_clock.ts";
import type { ClipBounds } from "./clip_store.ts";
import { createClipTable } from "./clip_table.ts";
import { openClipDatabase } from "./sqlite_clips.ts";
import { serveTable } from "./_table_server.ts";

serveTable("clips", ({ path, bounds }: { readonly path: string; readonly bounds: ClipBounds }) => {
  const table = createClipTable({ ...openClipDatabase(path), bounds, now: Date.now });
  setInterval(() => {
    try {
      table.tick();
    } catch {
      // On a full or locked disk the count goes without being remembered; the next call says what is wrong.
    }
  }, CLOCK_SAVED_EVERY_MS);
  return { path, calls: new Map(Object.entries(table)) };
});
