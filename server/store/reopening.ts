/** A store of the data folder that is opened when it is needed, and again after it failed. */
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";
import type { DataFolder } from "./data_folder.ts";
import { messageOf } from "./failures.ts";

/** Codes of failures that are the store's own; other errors are answers of a store that works. */
const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "data-in-use",
  "data-locked",
  "data-gone",
  "data-unusable",
  "disk-full",
]);

/** How long a store that could not be opened is not tried again, in ms. */
const PAUSE_MS = 1_000;

/** What can be closed. */
interface Closable {
  close(): Promise<void>;
}

/** What a reopening store is made of. */
export interface ReopeningParts<Store> {
  /** What errors call it: "log", "clips". */
  readonly name: string;
  readonly folder: DataFolder;
  /** Opens the store; the folder is there and this server's own. */
  readonly open: () => Promise<Store>;
  /** Called when it begins to fail, with another failure, and with null when it works again. */
  readonly onFailure: (failure: GradcastError | null) => void;
  /** Milliseconds of a clock that only rises; default `performance.now`. */
  readonly monotonicMs?: () => number;
}

/** A store that may not be there now. */
export interface Reopening<Store> {
  /**
   * Works with the store; what is not open is opened first.
   *
   * @throws GradcastError with the reason where there is no store; `data-gone` once after its folder was deleted
   */
  use<Result>(work: (store: Store) => Promise<Result>): Promise<Result>;
  /** Why the last use failed, or null. */
  failure(): GradcastError | null;
  /** Closes what is open; no use after that opens it. */
  close(): Promise<void>;
}

/** An open store, and the folder that it was opened in. */
interface Opened<Store> {
  readonly generation: number;
  readonly store: Store;
}

/** Makes a store that is opened when it is first used. */
export function reopening<Store extends Closable>(
  { name, folder, open, onFailure, monotonicMs = () => performance.now() }: ReopeningParts<Store>,
): Reopening<Store> {
  let opened: Opened<Store> | null = null;
  let opening: Promise<Opened<Store>> | null = null;
  let failure: GradcastError | null = null;
  /** When a store that could not be opened is tried again. */
  let againMs = -Infinity;
  let closed = false;

  function note(now: GradcastError | null): void {
    const changed = now?.code !== failure?.code;
    failure = now;
    if (changed) onFailure(now);
  }

  async function drop(old: Opened<Store>): Promise<void> {
    // Another use may have dropped it before, and a third one have opened the next.
    if (opened !== old) return;
    opened = null;
    // Its files are gone: what closing has to say is of no account.
    await old.store.close().catch(() => {});
  }

  async function openNow(): Promise<Opened<Store>> {
    try {
      const generation = await folder.ensure();
      opened = { generation, store: await open() };
      return opened;
    } catch (error) {
      againMs = monotonicMs() + PAUSE_MS;
      // Whatever the reason, a newer version's file or a folder that is none: the store is not there, and the server is.
      throw error instanceof GradcastError
        ? error
        : new GradcastError("data-unusable", messageOf(error), { cause: error });
    }
  }

  async function current(): Promise<Opened<Store>> {
    if (closed) throw new GradcastError("server-closing", `Cannot use the ${name}: the server is stopping`);
    const known = opened;
    if (known !== null) {
      if (await folder.ensure() === known.generation) return known;
      await drop(known);
      throw new GradcastError(
        "data-gone",
        `Cannot use the ${name}: the folder ${folder.path} was deleted or moved while the server was running`,
      );
    }
    if (failure !== null && monotonicMs() < againMs) throw failure;
    opening ??= openNow().finally(() => opening = null);
    return await opening;
  }

  return {
    async use(work) {
      let used: Opened<Store> | null = null;
      try {
        used = await current();
        const result = await work(used.store);
        note(null);
        return result;
      } catch (error) {
        if (!(error instanceof GradcastError) || !FAILURES.has(error.code)) throw error;
        note(error);
        // Its worker may have died, or the disk be another one: the next use opens it again.
        if (used !== null && (error.code === "data-gone" || error.code === "data-unusable")) await drop(used);
        throw error;
      }
    },
    failure: () => failure,
    async close() {
      closed = true;
      await opening?.catch(() => {});
      await opened?.store.close();
      opened = null;
    },
  };
}
