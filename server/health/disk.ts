/** How much room the disk of the data folder has. */
import { statfs } from "node:fs/promises";
import type { Health, HealthSource } from "./source.ts";

/** Time between two looks, in ms. */
const LOOK_MS = 30_000;

/** With less room than this, in bytes, recordings and the log will soon find none. */
const LITTLE_BYTES = 500_000_000;

/** What a disk has, in bytes. */
export interface DiskRoom {
  /** For those who are not the system's administrator. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Options of {@link watchDisk}. */
export interface DiskOptions {
  /** Reads the room of a folder's disk; by default what the system says. */
  readonly read?: (folder: string) => Promise<DiskRoom>;
  /** Calls `look` every `ms`; the result ends that. */
  readonly every?: (ms: number, look: () => void) => () => void;
}

/** A watch over a disk. */
export interface DiskWatch extends HealthSource, Disposable {
  /** Resolves when the disk was looked at. */
  look(): Promise<void>;
}

/** Looks at the disk that a folder lies on, now and from time to time. A folder that is not there says nothing. */
export function watchDisk(folder: string, { read = readRoom, every = byTimer }: DiskOptions = {}): DiskWatch {
  let room: DiskRoom | null = null;
  async function look(): Promise<void> {
    // Not there yet, or not allowed to be looked at.
    room = await read(folder).catch(() => null);
  }
  const end = every(LOOK_MS, () => void look());
  void look();
  return {
    name: "disk",
    look,
    health(): Health {
      if (room === null) return { ok: true };
      const figures = { ...room };
      return room.freeBytes < LITTLE_BYTES
        ? { ok: false, reason: "disk-nearly-full", figures }
        : { ok: true, figures };
    },
    [Symbol.dispose]: end,
  };
}

async function readRoom(folder: string): Promise<DiskRoom> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

function byTimer(ms: number, look: () => void): () => void {
  const timer = setInterval(look, ms);
  return () => clearInterval(timer);
}
