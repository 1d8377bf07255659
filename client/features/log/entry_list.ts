/** What the log's view shows, and what it does. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { problemWords, Refusal } from "../../http/http.ts";
import type { Page } from "../../app/page.ts";
import {
  emptyTrash,
  type Entry,
  listEntries,
  listTrash,
  removeEntries,
  type Search,
  type TrashBatch,
  undoRemoval,
} from "./api.ts";

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
  /** Why the list could not be read, or null. */
  readonly problem: ListProblem | null;
}

/** Why the list could not be read. */
export interface ListProblem {
  readonly words: string;
  /** True where the log is read elsewhere: nothing is wrong. */
  readonly elsewhere: boolean;
}

function problemOf(error: unknown): ListProblem {
  return {
    words: problemWords(error),
    elsewhere: error instanceof Refusal && error.code === "own-machine-only",
  };
}

/** The view's model. */
export interface LogModel {
  readonly list: ReadonlySignal<LogList>;
  readonly search: ReadonlySignal<Search>;
  /** What can be restored, the newest batch first. */
  readonly trash: ReadonlySignal<readonly TrashBatch[]>;
  /** The entry that is open, or null; it stays open when the list no longer holds it. */
  readonly opened: Signal<Entry | null>;
  find(search: Partial<Search>): void;
  more(): void;
  /** Reads the newest entries again. */
  retry(): void;
  restore(batch: TrashBatch): void;
  /** Deletes for good what is in the trash. */
  emptyTrash(): void;
  remove(entry: Entry): void;
  removeAll(): void;
  dispose(): void;
}

/** Makes the model and reads the newest entries. */
export function createLog(page: Page): LogModel {
  const list = signal<LogList>({ entries: [], total: 0, next: null, loading: true, problem: null });
  const search = signal<Search>({ label: "", day: "" });
  const trash = signal<readonly TrashBatch[]>([]);
  const opened = signal<Entry | null>(null);
  let request = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Notices that offer to undo a removal, by its number. */
  const offers = new Map<number, number>();

  async function read(before: number | null): Promise<void> {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    list.value = { ...list.value, loading: true };
    try {
      const { entries, total, next } = await listEntries(search.value, before, signal);
      const known = before === null ? [] : list.value.entries;
      list.value = { entries: [...known, ...entries], total, next, loading: false, problem: null };
      if (before === null) trash.value = await listTrash(signal);
    } catch (error) {
      if (!signal.aborted) list.value = { ...list.value, loading: false, problem: problemOf(error) };
    }
  }

  /** Changes something on the server, then reads again. */
  async function change(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      page.toasts.say(problemWords(error));
    }
    await read(null);
  }

  /** Takes notices away whose undo would find nothing. */
  function withdraw(undone: Iterable<number>): void {
    for (const undo of [...undone]) {
      const id = offers.get(undo);
      if (id !== undefined) page.toasts.dismiss(id);
      offers.delete(undo);
    }
  }

  function restore(undo: number): void {
    withdraw([undo]);
    void change(() => undoRemoval(undo));
  }

  function take(what: number | Search, words: (count: number) => string): void {
    void change(async () => {
      const { undo, removed } = await removeEntries(what);
      offers.set(undo, page.toasts.say(words(removed), { label: "Undo", run: () => restore(undo) }));
    });
  }

  // A new entry is on the disk: the list of the newest begins with it. Of a log that failed nothing may be left.
  const stop = effect(() => {
    void page.session.logged.value;
    void page.session.logProblem.value;
    untracked(() => void read(null));
  });

  return {
    list,
    search,
    trash,
    opened,
    find(part) {
      search.value = { ...search.value, ...part };
      clearTimeout(timer);
      timer = setTimeout(() => void read(null), TYPING_PAUSE_MS);
    },
    more() {
      if (list.value.next !== null && !list.value.loading) void read(list.value.next);
    },
    retry() {
      // The switch says no longer what was wrong; where it still is, the list says so.
      page.session.forgetLogProblem();
      void read(null);
    },
    restore: ({ undo }) => restore(undo),
    emptyTrash() {
      withdraw(offers.keys());
      void change(emptyTrash);
    },
    remove: (entry) => take(entry.id, () => "The entry is in the trash for a week."),
    removeAll() {
      take(
        search.value,
        (count) =>
          count === 1
            ? "One entry is in the trash for a week."
            : `${count} entries are in the trash for a week.`,
      );
    },
    dispose() {
      stop();
      request.abort();
      clearTimeout(timer);
    },
  };
}
