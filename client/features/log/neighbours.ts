/** The entries beside one in the list. Pure. */
import type { LogEntry } from "./api.ts";

/** Newer and older neighbour; null at an end of the list, and where the entry is not in it. */
export interface Neighbours {
  readonly newer: LogEntry | null;
  readonly older: LogEntry | null;
}

/** Finds an entry's neighbours in a list that begins with the newest. */
export function neighboursOf(entries: readonly LogEntry[], { id }: Pick<LogEntry, "id">): Neighbours {
  const at = entries.findIndex((one) => one.id === id);
  if (at === -1) return { newer: null, older: null };
  return { newer: entries[at - 1] ?? null, older: entries[at + 1] ?? null };
}
