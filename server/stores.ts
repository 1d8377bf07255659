/** What the server keeps in its data folder: opened as far as it can be had, and said where it cannot. */
import { GradcastError } from "../shared/errors.ts";
import type { Settings } from "./flags.ts";
import type { Logger } from "./logger/mod.ts";
import type { HealthSource } from "./health/mod.ts";
import { uploadFolder } from "./pool/mod.ts";
import {
  type ClipStore,
  CLOCK_SAVED_EVERY_MS,
  type DataFolder,
  type LogStore,
  type ModelShelf,
  openDataFolder,
  openModelShelf,
  type ReopeningClips,
  reopeningClips,
  type ReopeningLog,
  reopeningLog,
  reopeningTaught,
  type TaughtStore,
} from "./store/mod.ts";

const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;

/** How often clips that are past their time are looked for, in ms. */
const SWEEP_MS = 60 * 60_000;

/** The server's stores. */
export interface Stores {
  /** The log, or null where nothing is kept. It may be there later, or no longer: each call says so. */
  readonly log: LogStore | null;
  /** The clips, or null where none are kept. They may be there later, or no longer: each call says so. */
  readonly clips: ClipStore | null;
  /** The uploaded models, or null where none are taken. Each call says whether the folder can be used. */
  readonly models: ModelShelf | null;
  /** What models are taught from, or null where none are. Each call says whether the folder can be used. */
  readonly taught: TaughtStore | null;
  readonly health: readonly HealthSource[];
  /** Writes down for another server on the same folder at which address this one is. */
  announce(address: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the stores; what cannot be had is left out, and `logger` receives the reason. */
export async function openStores(settings: Settings, logger: Logger): Promise<Stores> {
  const folder = openDataFolder(settings.data);
  const log = settings.logDays === 0 ? null : await openLog(folder, settings, logger);
  const clips = settings.clipsMegabytes === 0 ? null : await openClips(folder, settings, logger);
  const taught = settings.taughtMegabytes === 0 ? null : reopeningTaught(
    folder,
    (failure) => reportFailure(logger, failure, "collections"),
    (text) => logger.log("warn", text),
  );
  const sweeping = setInterval(() => {
    // What fails here is reported by the store itself.
    clips?.sweep().catch(() => {});
  }, SWEEP_MS);
  const tidying = setInterval(() => {
    // What fails here is reported by the store itself.
    log?.tidy().catch(() => {});
  }, CLOCK_SAVED_EVERY_MS);
  return {
    log,
    clips,
    models: settings.modelsMegabytes === 0 ? null : openModelShelf({
      now: () => performance.now(),
      async root() {
        await folder.ensure();
        return uploadFolder(folder.path);
      },
      maxBytes: settings.modelsMegabytes * MEGABYTE,
    }),
    taught,
    health: [
      ...log === null ? [] : [log],
      ...clips === null ? [] : [clipsHealth(clips)],
    ],
    announce: folder.announce,
    async close() {
      clearInterval(sweeping);
      clearInterval(tidying);
      await log?.close();
      await clips?.close();
      await taught?.close();
      await folder.close();
    },
  };
}

function clipsHealth(clips: ReopeningClips): HealthSource {
  return {
    name: "clips",
    health: () => clips.failure() === null ? { ok: true } : { ok: false, reason: "clips-failed" },
  };
}

async function openClips(
  folder: DataFolder,
  { clipsDays, clipsMegabytes }: Settings,
  logger: Logger,
): Promise<ReopeningClips> {
  const bounds = { maxAgeMs: clipsDays * DAY_MS, maxBytes: clipsMegabytes * MEGABYTE };
  const clips = reopeningClips(folder, bounds, (failure) => {
    reportFailure(logger, failure, "clips");
  }, (text) => logger.log("warn", text));
  try {
    await clips.sweep();
  } catch (error) {
    if (!(error instanceof GradcastError)) throw error;
  }
  return clips;
}

async function openLog(
  folder: DataFolder,
  { logDays, logMegabytes }: Settings,
  logger: Logger,
): Promise<ReopeningLog> {
  const log = reopeningLog({
    folder,
    bounds: { maxAgeMs: logDays * DAY_MS, maxBytes: logMegabytes * MEGABYTE },
    onFailure: (failure) => reportFailure(logger, failure, "log"),
  });
  try {
    await log.tidy();
  } catch (error) {
    if (!(error instanceof GradcastError)) throw error;
  }
  return log;
}

function reportFailure(
  logger: Logger,
  failure: GradcastError | null,
  store: "clips" | "collections" | "log",
): void {
  if (failure === null) logger.log("info", `The ${store} can be used again.`);
  else logger.log("warn", `No ${store} for now. ${failure.message}`);
}
