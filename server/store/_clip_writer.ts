/** Takes the bytes of uploads: written and synchronised block by block, acknowledged after that. */
import { joinBytes } from "../../shared/bytes.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { ClipFiles, ClipIds, ClipRow, ClipRows } from "./clip_store.ts";
import { fileName } from "./_file_name.ts";
import { unknownClip } from "./_unknown_clip.ts";

/** Bytes that are written and synchronised at a time. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** Writes uploads. */
export interface ClipWriter {
  /** Bytes of an upload that are on the disk: what its row says, or less where its files are shorter. */
  received(row: ClipRow): Promise<number>;
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

/** Makes a writer; `deleteFiles` deletes the files of what gave way to the bytes that arrive. */
export function createClipWriter(
  rows: ClipRows,
  files: ClipFiles,
  deleteFiles: (ids: ClipIds) => Promise<void>,
): ClipWriter {
  const runs = new Map<string, Run>();
  /** Blocks are kept one after the other: two at a time would both take the last room. */
  let last: Promise<unknown> = Promise.resolve();

  async function stop(id: string): Promise<void> {
    const run = runs.get(id);
    run?.stopped.resolve("stopped");
    await run?.ended.catch(() => {});
  }

  async function received({ id, bytes, received }: ClipRow): Promise<number> {
    const media = Math.min(await files.size(fileName(id, "media")), bytes);
    if (media < bytes) return Math.min(received, media);
    return Math.min(received, bytes + await files.size(fileName(id, "sidecar")));
  }

  /** Puts a block that follows `received` bytes on the disk, then into the row. */
  function keep(row: ClipRow, received: number, block: Uint8Array): Promise<void> {
    const turn = last.then(() => keepNow(row, received, block));
    last = turn.catch(() => {});
    return turn;
  }

  async function keepNow({ id, bytes }: ClipRow, received: number, block: Uint8Array): Promise<void> {
    if (block.byteLength === 0) return;
    if (await rows.get(id) === null) throw unknownClip(id);
    const gone = await rows.makeRoom(id, received + block.byteLength);
    // Not waited for: what they still want to write waits for this turn, and then finds no row.
    for (const other of gone) runs.get(other)?.stopped.resolve("stopped");
    await deleteFiles(gone);
    const media = block.subarray(0, Math.max(0, bytes - received));
    const sidecar = block.subarray(media.byteLength);
    if (media.byteLength > 0) await files.write(fileName(id, "media"), received, media);
    if (sidecar.byteLength > 0) {
      await files.write(fileName(id, "sidecar"), Math.max(0, received - bytes), sidecar);
    }
    await rows.receive(id, received + block.byteLength);
  }

  async function receive(
    id: string,
    offset: number,
    incoming: AsyncIterable<Uint8Array>,
    stopped: Promise<"stopped">,
  ): Promise<number> {
    // Read when its turn has come: the call before may have written.
    const row = await rows.get(id);
    if (row === null) throw unknownClip(id);
    let there = await received(row);
    if (offset !== there) {
      throw new GradcastError(
        "clip-offset",
        `Cannot continue the upload at byte ${offset}: it stands at byte ${there}`,
      );
    }
    const total = row.bytes + row.sidecarBytes;
    const iterator = incoming[Symbol.asyncIterator]();
    let parts: Uint8Array[] = [];
    let waiting = 0;
    let seen = there;
    const flush = async () => {
      const block = joinBytes(parts);
      parts = [];
      waiting = 0;
      await keep(row, there, block);
      there += block.byteLength;
    };
    for (;;) {
      const next = await Promise.race([iterator.next().catch(() => "broken" as const), stopped]);
      if (next === "stopped") {
        // A body that nobody sends any more would never end by itself.
        iterator.return?.().catch(() => {});
        await flush();
        throw new GradcastError(
          "clip-offset",
          `Cannot continue the upload at byte ${seen}: a newer request continues it`,
        );
      }
      if (next === "broken" || next.done === true) break;
      seen += next.value.byteLength;
      if (seen > total) {
        await flush();
        await iterator.return?.();
        throw new GradcastError(
          "clip-bytes",
          `Cannot take more of the clip: expected the ${total} bytes that were announced, got ${seen} or more`,
        );
      }
      parts.push(next.value);
      waiting += next.value.byteLength;
      if (waiting >= BLOCK_BYTES) await flush();
    }
    await flush();
    return there;
  }

  return {
    received,
    async append(row, offset, incoming) {
      const before = stop(row.id);
      const stopped = Promise.withResolvers<"stopped">();
      const ended = before.then(() => receive(row.id, offset, incoming, stopped.promise));
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
