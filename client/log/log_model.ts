/** What the log's view shows, and what it does. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { problemWords } from "../http/http.ts";
import type { Page } from "../page.ts";
import { type Entry, listEntries, removeEntries, type Search, undoRemoval } from "./ask.ts";

/** How long typing may pause before it is searched for, in ms. */
const TYPING_PAUSE_MS = 250;

/** The list as it stands. */
export interface LogList {
  readonly entries: readonly Entry[];
  /** Entries that the search means in all. */
  readonly total: number;
  /** Where the next page begins, or null at the end. */
  readonly next: number | null;
  readonly loading: boolean;
  /** Why the list could not be read, in words, or null. */
  readonly problem: string | null;
}

/** The view's model. */
export interface LogModel {
  readonly list: ReadonlySignal<LogList>;
  readonly search: ReadonlySignal<Search>;
  /** The entry that is open, or null; it stays open when the list no longer holds it. */
  readonly opened: Signal<Entry | null>;
  find(search: Partial<Search>): void;
  more(): void;
  remove(entry: Entry): void;
  removeAll(): void;
  dispose(): void;
}

/** Makes the model and reads the newest entries. */
export function createLog(page: Page): LogModel {
  const list = signal<LogList>({ entries: [], total: 0, next: null, loading: true, problem: null });
  const search = signal<Search>({ label: "", day: "" });
  const opened = signal<Entry | null>(null);
  let request = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(before: number | null): Promise<void> {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    list.value = { ...list.value, loading: true };
    try {
      const { entries, total, next } = await listEntries(search.value, before, signal);
      const known = before === null ? [] : list.value.entries;
      list.value = { entries: [...known, ...entries], total, next, loading: false, problem: null };
    } catch (error) {
      if (!signal.aborted) list.value = { ...list.value, loading: false, problem: problemWords(error) };
    }
  }

  async function take(what: number | Search, words: (count: number) => string): Promise<void> {
    try {
      const { undo, removed } = await removeEntries(what);
      page.toasts.say(words(removed), {
        label: "Undo",
        run: () =>
          void undoRemoval(undo).then(() => read(null), (error) => page.toasts.say(problemWords(error))),
      });
    } catch (error) {
      page.toasts.say(problemWords(error));
    }
    await read(null);
  }

  // A new entry is on the disk: the list of the newest begins with it.
  const stop = effect(() => {
    void page.session.logged.value;
    untracked(() => void read(null));
  });

  return {
    list,
    search,
    opened,
    find(part) {
      search.value = { ...search.value, ...part };
      clearTimeout(timer);
      timer = setTimeout(() => void read(null), TYPING_PAUSE_MS);
    },
    more() {
      if (list.value.next !== null && !list.value.loading) void read(list.value.next);
    },
    remove: (entry) => void take(entry.id, () => "The entry is deleted."),
    removeAll() {
      void take(
        search.value,
        (count) => count === 1 ? "One entry is deleted." : `${count} entries are deleted.`,
      );
    },
    dispose() {
      stop();
      request.abort();
      clearTimeout(timer);
    },
  };
}
