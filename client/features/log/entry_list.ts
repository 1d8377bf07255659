/** The list of entries that the panel shows, and what it does with them. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { problemWords, Refusal } from "../../http/http.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { listEntries, listTrash, type LogEntry, type Search, type TrashBatch } from "./api.ts";
import type { Log } from "./model.ts";
import { Removals } from "./removals.ts";

/** How long typing may pause before it is searched for, in ms. */
const TYPING_PAUSE_MS = 250;

/** The list as it stands. */
export interface ListState {
  readonly entries: readonly LogEntry[];
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

/** What the list needs. */
export interface EntryListPorts {
  readonly log: Pick<Log, "newest" | "problem" | "forgetProblem">;
  readonly toasts: Pick<Toasts, "say" | "dismiss">;
}

/** The list's model: reads the newest entries as soon as it is made. */
export class EntryList {
  readonly #log: EntryListPorts["log"];
  readonly #state = signal<ListState>({ entries: [], total: 0, next: null, loading: true, problem: null });
  readonly #search = signal<Search>({ label: "", day: "" });
  readonly #trash = signal<readonly TrashBatch[]>([]);
  readonly #stop: () => void;
  #request = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The entry that is open, or null; it stays open when the list no longer holds it. */
  readonly opened: Signal<LogEntry | null> = signal(null);
  /** What moves entries to the trash and out of it. */
  readonly removals: Removals;

  constructor({ log, toasts }: EntryListPorts) {
    this.#log = log;
    this.removals = new Removals(toasts, () => this.#read(null));
    // A new entry is on the disk: the list of the newest begins with it. Of a log that failed nothing may be left.
    this.#stop = effect(() => {
      void log.newest.value;
      void log.problem.value;
      untracked(() => void this.#read(null));
    });
  }

  get state(): ReadonlySignal<ListState> {
    return this.#state;
  }

  get search(): ReadonlySignal<Search> {
    return this.#search;
  }

  /** What can be restored, the newest batch first. */
  get trash(): ReadonlySignal<readonly TrashBatch[]> {
    return this.#trash;
  }

  find(part: Partial<Search>): void {
    this.#search.value = { ...this.#search.value, ...part };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(null), TYPING_PAUSE_MS);
  }

  /** Reads the next page, unless something is being read or nothing is left. */
  more(): void {
    const { next, loading } = this.#state.value;
    if (next !== null && !loading) void this.#read(next);
  }

  /** Reads the newest entries again. */
  retry(): void {
    // The switch says no longer what was wrong; where it still is, the list says so.
    this.#log.forgetProblem();
    void this.#read(null);
  }

  dispose(): void {
    this.#stop();
    this.#request.abort();
    clearTimeout(this.#timer);
  }

  async #read(before: number | null): Promise<void> {
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const state = this.#state;
    state.value = { ...state.value, loading: true };
    try {
      const { entries, total, next } = await listEntries(this.#search.value, before, signal);
      const known = before === null ? [] : state.value.entries;
      state.value = { entries: [...known, ...entries], total, next, loading: false, problem: null };
      if (before === null) this.#trash.value = await listTrash(signal);
    } catch (error) {
      if (!signal.aborted) state.value = { ...state.value, loading: false, problem: problemOf(error) };
    }
  }
}

function problemOf(error: unknown): ListProblem {
  return {
    words: problemWords(error),
    elsewhere: error instanceof Refusal && error.code === "own-machine-only",
  };
}
