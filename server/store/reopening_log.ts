/** The log of a data folder that may be in use, full or gone: every call says so, and works again when it can. */
import { join } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import type { Health, HealthSource } from "../health/mod.ts";
import type { DataFolder } from "./data_folder.ts";
import type { LogBounds, LogStore, LogUsage } from "./log_store.ts";
import { openLogStore } from "./log_worker.ts";
import { reopening } from "./reopening.ts";

/** What a log over a folder is made of. */
export interface ReopeningLogParts {
  readonly folder: DataFolder;
  readonly bounds: LogBounds;
  /** Called when the log begins to fail, with another failure, and with null when it works again. */
  readonly onFailure: (failure: GradcastError | null) => void;
  /** Opens the log of a file; default: in a worker of its own. */
  readonly open?: (path: string, bounds: LogBounds) => Promise<LogStore>;
}

/** A log, and how it is. */
export interface ReopeningLog extends LogStore, HealthSource {}

/** Makes a log that is opened when it is first used. */
export function reopeningLog(
  { folder, bounds, onFailure, open = openLogStore }: ReopeningLogParts,
): ReopeningLog {
  /** What the log held when it last said so: what was lost when its folder is gone. */
  let known: LogUsage | null = null;
  const log = reopening<LogStore>({
    name: "log",
    folder,
    open: () => open(join(folder.path, "log.sqlite"), bounds),
    onFailure: (failure) => onFailure(failure === null ? null : withLoss(failure)),
  });

  function withLoss(failure: GradcastError): GradcastError {
    if (failure.code !== "data-gone" || known === null) return failure;
    const { entries } = known;
    const lost = entries === 1 ? "1 entry of the log was in it" : `${entries} entries of the log were in it`;
    return new GradcastError("data-gone", `${failure.message}; ${lost}`, { cause: failure });
  }

  async function use<Result>(work: (store: LogStore) => Promise<Result>): Promise<Result> {
    try {
      return await log.use(work);
    } catch (error) {
      throw error instanceof GradcastError ? withLoss(error) : error;
    }
  }

  /** Does what changes the number of entries. */
  function change<Result>(work: (store: LogStore) => Promise<Result>): Promise<Result> {
    return use(async (store) => {
      const result = await work(store);
      known = await store.usage();
      return result;
    });
  }

  return {
    append: (...values) => change((store) => store.append(...values)),
    amend: (...values) => use((store) => store.amend(...values)),
    list: (...values) => use((store) => store.list(...values)),
    picture: (id) => use((store) => store.picture(id)),
    remove: (what) => change((store) => store.remove(what)),
    restore: (undo) => change((store) => store.restore(undo)),
    trash: () => use((store) => store.trash()),
    emptyTrash: () => change((store) => store.emptyTrash()),
    tidy: () => change((store) => store.tidy()),
    usage: () => use((store) => store.usage()),
    close: log.close,
    name: "log",
    health(): Health {
      const figures = known === null ? {} : { figures: { ...known } };
      return log.failure() === null
        ? { ok: true, ...figures }
        : { ok: false, reason: "log-failed", ...figures };
    },
  };
}
