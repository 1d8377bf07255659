/** The rules of a store of clips, the same wherever rows and files lie. */
import {
  cleanClipName,
  CLIP_HEAD_BYTES,
  clipNameMatches,
  newestFirst,
  sniffClip,
} from "../../shared/clips.ts";
import { GradcastError } from "../../shared/errors.ts";
import { retain } from "./clip_retention.ts";
import type {
  ClipBounds,
  ClipChange,
  ClipFiles,
  ClipRow,
  ClipRows,
  ClipStore,
  StoredClip,
  UploadKey,
} from "./clip_store.ts";
import { createClipWriter } from "./_clip_writer.ts";
import { fileName } from "./_file_name.ts";
import { unknownClip } from "./_unknown_clip.ts";
import { sidecarFault } from "./_sidecar.ts";

/** Random bytes of an id and of a token. */
const SECRET_BYTES = 16;

/** What a store is made of. */
export interface ClipStoreParts {
  readonly rows: ClipRows;
  readonly files: ClipFiles;
  readonly bounds: ClipBounds;
  /** Time in ms since 1970. */
  readonly now: () => number;
}

/** Makes a store; what an ended process left of clips without a row is deleted. */
export async function createClipStore({ rows, files, bounds, now }: ClipStoreParts): Promise<ClipStore> {
  const writer = createClipWriter(rows, files, now);

  async function owned({ id, token }: UploadKey): Promise<ClipRow> {
    const row = await rows.get(id);
    if (row === null || row.removedMs !== null) throw unknownClip(id);
    if (row.token === token) return row;
    throw new GradcastError("clip-token", `Cannot continue the upload ${id}: its token is another`);
  }

  async function whole(id: string): Promise<ClipRow> {
    const row = await rows.get(id);
    if (row === null || !row.done || row.removedMs !== null) throw unknownClip(id);
    return row;
  }

  async function change(id: string, part: ClipChange): Promise<StoredClip> {
    await whole(id);
    const row = await rows.change(id, part);
    if (row === null) throw unknownClip(id);
    return clipOf(row);
  }

  async function erase(id: string): Promise<void> {
    await writer.stop(id);
    await rows.delete(id);
    for (const part of ["media", "sidecar"] as const) await files.delete(fileName(id, part));
  }

  async function sweep(wantedBytes = 0): Promise<boolean> {
    const { leave, fits } = retain(await rows.all(), bounds, now(), wantedBytes);
    for (const id of leave) await erase(id);
    return fits;
  }

  async function refuse(id: string, error: GradcastError): Promise<never> {
    await erase(id);
    throw error;
  }

  const known = new Set(
    (await rows.all()).flatMap(({ id }) => [fileName(id, "media"), fileName(id, "sidecar")]),
  );
  for (const name of await files.names()) {
    if (!known.has(name)) await files.delete(name);
  }
  await sweep();

  return {
    async create({ thumbnail, ...facts }) {
      const wanted = facts.bytes + facts.sidecarBytes;
      if (!await sweep(wanted)) {
        throw new GradcastError(
          "clips-full",
          `Cannot keep the clip of ${wanted} bytes: pinned clips and uploads leave too little of ${bounds.maxBytes} bytes`,
        );
      }
      const key = { id: secret(), token: secret() };
      const name = cleanClipName(facts.name);
      const times = { addedMs: now(), touchedMs: now(), removedMs: null };
      const row = { ...facts, ...key, ...times, name, received: 0, done: false, pinned: false };
      await rows.insert(row, thumbnail);
      return key;
    },
    offset: async (key) => await writer.received(await owned(key)),
    append: async (key, offset, bytes) => await writer.append(await owned(key), offset, bytes),
    async complete(key) {
      const row = await owned(key);
      const { id, type, bytes, sidecarBytes, done } = row;
      if (done) return clipOf(row);
      const received = await writer.received(row);
      if (received < bytes + sidecarBytes) {
        throw new GradcastError(
          "clip-incomplete",
          `Cannot end the upload: ${received} of ${bytes + sidecarBytes} bytes have arrived`,
        );
      }
      const head = await collect(files.read(fileName(id, "media"), 0, Math.min(bytes, CLIP_HEAD_BYTES)));
      if (sniffClip(head) !== type) {
        const message = `Cannot keep the clip: its first bytes [${head}] are not those of ${type}`;
        return await refuse(id, new GradcastError("clip-format", message));
      }
      const fault = sidecarBytes === 0
        ? null
        : await sidecarFault(await collect(files.read(fileName(id, "sidecar"), 0, sidecarBytes)));
      if (fault !== null) {
        const message = `Cannot keep the clip as its sidecar does not fit: ${fault}`;
        return await refuse(id, new GradcastError("clip-sidecar", message));
      }
      const ended = await rows.change(id, { done: true });
      if (ended === null) throw unknownClip(id);
      return clipOf(ended);
    },
    async abandon(key) {
      const { id, done } = await owned(key);
      if (!done) await erase(id);
    },
    list: async (search) =>
      (await rows.all()).filter(({ done, removedMs, name }) =>
        done && removedMs === null && clipNameMatches(name, search)
      ).sort(newestFirst).map(clipOf),
    get: async (id) => clipOf(await whole(id)),
    async thumbnail(id) {
      const thumbnail = await rows.thumbnail((await whole(id)).id);
      if (thumbnail === null) throw unknownClip(id);
      return thumbnail;
    },
    read: async (id, part, from, length) => files.read(fileName((await whole(id)).id, part), from, length),
    change: (id, { name, pinned }) =>
      change(id, {
        ...(name === undefined ? {} : { name: cleanClipName(name) }),
        ...(pinned === undefined ? {} : { pinned }),
      }),
    remove: async (id) => void await change(id, { removedMs: now() }),
    async restore(id) {
      const row = await rows.get(id);
      if (row === null || !row.done) throw unknownClip(id);
      const restored = await rows.change(id, { removedMs: null });
      if (restored === null) throw unknownClip(id);
      return clipOf(restored);
    },
    sweep: async () => void await sweep(),
    async close() {
      await writer.close();
      await rows.close();
    },
  };
}

function clipOf(
  { token: _1, addedMs: _2, touchedMs: _3, received: _4, done: _5, removedMs: _6, ...clip }: ClipRow,
) {
  return clip;
}

function secret(): string {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toHex();
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
