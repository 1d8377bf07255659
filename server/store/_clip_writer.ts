/** Takes the bytes of uploads: written and synchronised block by block, acknowledged after that. */
import { joinBytes } from "../../shared/bytes.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { ClipFiles, ClipRow, ClipRows } from "./clip_store.ts";
import { fileName } from "./_file_name.ts";

/** Bytes that are written and synchronised at a time. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** Writes uploads. */
export interface ClipWriter {
  /** As `ClipStore.append()`, for a row that the caller has checked. */
  append(row: ClipRow, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Ends what is being written of an upload. */
  stop(id: string): Promise<void>;
  /** Ends everything that is being written. */
  close(): Promise<void>;
}

/** One call of `append()` under way. */
interface Run {
  readonly stopped: PromiseWithResolvers<"stopped">;
  readonly ended: Promise<unknown>;
}

/** Makes a writer. */
export function createClipWriter(rows: ClipRows, files: ClipFiles, now: () => number): ClipWriter {
  const runs = new Map<string, Run>();

  async function stop(id: string): Promise<void> {
    const run = runs.get(id);
    run?.stopped.resolve("stopped");
    await run?.ended.catch(() => {});
  }

  /** Puts a block on the disk, then into the row. */
  async function keep(id: string, block: Uint8Array): Promise<void> {
    const row = rows.get(id);
    if (row === undefined || block.byteLength === 0) return;
    const { received, bytes } = row;
    const media = block.subarray(0, Math.max(0, bytes - received));
    const sidecar = block.subarray(media.byteLength);
    try {
      if (media.byteLength > 0) await files.write(fileName(id, "media"), received, media);
      if (sidecar.byteLength > 0) {
        await files.write(fileName(id, "sidecar"), Math.max(0, received - bytes), sidecar);
      }
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : error;
    }
    rows.update({ ...row, received: received + block.byteLength, touchedMs: now() });
  }

  async function receive(
    { id, bytes, sidecarBytes }: ClipRow,
    offset: number,
    incoming: AsyncIterable<Uint8Array>,
    stopped: Promise<"stopped">,
  ): Promise<number> {
    const received = rows.get(id)?.received ?? 0;
    if (offset !== received) {
      throw new GradcastError(
        "clip-offset",
        `Cannot go on with the upload as it stands at byte ${received}: current value is ${offset}`,
      );
    }
    const total = bytes + sidecarBytes;
    const iterator = incoming[Symbol.asyncIterator]();
    let parts: Uint8Array[] = [];
    let waiting = 0;
    let seen = received;
    const flush = async () => {
      const block = joinBytes(parts);
      parts = [];
      waiting = 0;
      await keep(id, block);
    };
    for (;;) {
      const next = await Promise.race([iterator.next().catch(() => "broken" as const), stopped]);
      if (next === "stopped") {
        // A body that nobody sends any more would never end by itself.
        iterator.return?.().catch(() => {});
        await flush();
        throw new GradcastError(
          "clip-offset",
          `Cannot go on with the upload as a newer request does: current value is byte ${seen}`,
        );
      }
      if (next === "broken" || next.done === true) break;
      seen += next.value.byteLength;
      if (seen > total) {
        await flush();
        await iterator.return?.();
        throw new GradcastError(
          "clip-bytes",
          `Cannot take more of the clip as it has ${total} bytes: current value is ${seen} or more`,
        );
      }
      parts.push(next.value);
      waiting += next.value.byteLength;
      if (waiting >= BLOCK_BYTES) await flush();
    }
    await flush();
    return rows.get(id)?.received ?? seen;
  }

  return {
    async append(row, offset, incoming) {
      const before = stop(row.id);
      const stopped = Promise.withResolvers<"stopped">();
      const ended = before.then(() => receive(row, offset, incoming, stopped.promise));
      const run = { stopped, ended };
      runs.set(row.id, run);
      try {
        return await ended;
      } finally {
        if (runs.get(row.id) === run) runs.delete(row.id);
      }
    },
    stop,
    async close() {
      await Promise.all([...runs.keys()].map(stop));
    },
  };
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}

function diskFull(cause: unknown): GradcastError {
  return new GradcastError(
    "clips-full",
    `Cannot keep the clip as the disk is full: current value is ${String(cause)}`,
    { cause },
  );
}
