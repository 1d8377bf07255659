/** What the server keeps in its data folder: opened as far as it can be had, and said where it cannot. */
import { join } from "node:path";
import { GradcastError } from "../shared/errors.ts";
import type { Settings } from "./flags.ts";
import type { HealthSource } from "./health/mod.ts";
import {
  type ClipStore,
  type DataFolder,
  type LogStore,
  openDataFolder,
  openLogStore,
  type ReopeningClips,
  reopeningClips,
} from "./store/mod.ts";

const DAY_MS = 86_400_000;
const MEGABYTE = 1_000_000;

/** How often clips that are past their time are looked for, in ms. */
const SWEEP_MS = 60 * 60_000;

/** The server's stores. */
export interface Stores {
  /** The log, or null where nothing is kept. */
  readonly log: LogStore | null;
  /** The clips, or null where none are kept. They may be there later, or no longer: each call says so. */
  readonly clips: ClipStore | null;
  readonly health: readonly HealthSource[];
  /** Writes down for another server on the same folder at which address this one is. */
  announce(address: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the stores; what cannot be had is left out, and `complain` is called with the reason in words. */
export async function openStores(settings: Settings, complain: (text: string) => void): Promise<Stores> {
  const folder = openDataFolder(settings.data);
  const log = await openLog(folder, settings, complain);
  const clips = settings.clipsMegabytes === 0 ? null : await openClips(folder, settings, complain);
  const sweeping = setInterval(() => {
    // What fails here is reported by the store itself.
    clips?.sweep().catch(() => {});
  }, SWEEP_MS);
  return {
    log,
    clips,
    health: clips === null ? [] : [{
      name: "clips",
      health: () => clips.failure() === null ? { ok: true } : { ok: false, reason: "clips-failed" },
    }],
    announce: folder.announce,
    async close() {
      clearInterval(sweeping);
      await log?.close();
      await clips?.close();
      await folder.close();
    },
  };
}

async function openClips(
  folder: DataFolder,
  { clipsDays, clipsMegabytes }: Settings,
  complain: (text: string) => void,
): Promise<ReopeningClips> {
  const bounds = { maxAgeMs: clipsDays * DAY_MS, maxBytes: clipsMegabytes * MEGABYTE };
  const clips = reopeningClips(folder, bounds, (failure) => {
    complain(failure === null ? "The clips can be used again." : `No clips for now. ${failure.message}`);
  });
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
  complain: (text: string) => void,
): Promise<LogStore | null> {
  if (logDays === 0) return null;
  const bounds = { maxAgeMs: logDays * DAY_MS, maxBytes: logMegabytes * MEGABYTE };
  try {
    await folder.ensure();
    const store = await openLogStore(join(folder.path, "log.sqlite"), bounds);
    await store.trim(Date.now());
    return store;
  } catch (error) {
    if (!(error instanceof GradcastError || error instanceof RangeError)) throw error;
    complain(`The server starts without a log. ${error.message}`);
    return null;
  }
}
