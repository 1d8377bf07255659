/** The lists that the panel shows: clips of this browser, clips on the server and its trash. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { StoredClipMessage, TrashedClipMessage } from "../../../shared/clip_wire.ts";
import type { ErrorCode } from "../../../shared/errors.ts";
import { problemWords, Refusal } from "../../http/http.ts";
import { listStored, listTrash } from "./api.ts";
import type { ClipInfo, Shelf } from "./shelf/shelf.ts";

/** Why the server's clips are not shown. */
export interface ClipsProblem {
  readonly words: string;
  /** Whether trying again may help: not where the server keeps none, or shows them on its own machine alone. */
  readonly passing: boolean;
}

/** Refusals that stay what they are, however often the page asks. */
const LASTING_REFUSALS: ReadonlySet<string> = new Set<ErrorCode>(["no-clips", "own-machine-only"]);

/** The lists as they were read last. */
export class ClipLists {
  readonly #local = signal<readonly ClipInfo[] | null>(null);
  readonly #stored = signal<readonly StoredClipMessage[] | null>(null);
  readonly #trash = signal<readonly TrashedClipMessage[]>([]);
  readonly #problem = signal<ClipsProblem | null>(null);
  readonly #lasting = signal(true);
  readonly #shelf: Promise<Shelf>;

  /** The clips of this browser are read again whenever the shelf changes. */
  constructor(shelf: Promise<Shelf>) {
    this.#shelf = shelf;
    void shelf.then((opened) => opened.onChange(() => void this.#readLocal()));
  }

  /** The clips of this browser; null until they are read. */
  get local(): ReadonlySignal<readonly ClipInfo[] | null> {
    return this.#local;
  }

  /** The clips on the server; null until they are read. */
  get stored(): ReadonlySignal<readonly StoredClipMessage[] | null> {
    return this.#stored;
  }

  /** What lies in the server's trash; empty until it is read. */
  get trash(): ReadonlySignal<readonly TrashedClipMessage[]> {
    return this.#trash;
  }

  /** Why the server's clips are not shown, or null. */
  get problem(): ReadonlySignal<ClipsProblem | null> {
    return this.#problem;
  }

  /** Whether this browser keeps clips when the page is closed. */
  get lasting(): ReadonlySignal<boolean> {
    return this.#lasting;
  }

  /** Reads all lists. */
  async refresh(): Promise<void> {
    await Promise.all([this.#readLocal(), this.#readStored()]);
  }

  async #readLocal(): Promise<void> {
    const shelf = await this.#shelf;
    this.#lasting.value = shelf.lasting;
    this.#local.value = await shelf.list();
  }

  async #readStored(): Promise<void> {
    try {
      [this.#stored.value, this.#trash.value] = await Promise.all([listStored(), listTrash()]);
      this.#problem.value = null;
    } catch (error) {
      const passing = !(error instanceof Refusal) || !LASTING_REFUSALS.has(error.code);
      [this.#stored.value, this.#trash.value] = [null, []];
      this.#problem.value = { words: problemWords(error), passing };
    }
  }
}
