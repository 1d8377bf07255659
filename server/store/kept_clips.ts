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
  ClipFiles,
  ClipRow,
  ClipRows,
  ClipStore,
  StoredClip,
  UploadKey,
} from "./clip_store.ts";
import { createClipWriter } from "./_clip_writer.ts";
import { fileName } from "./_file_name.ts";
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

  function owned({ id, token }: UploadKey): ClipRow {
    const row = rows.get(id);
    if (row === undefined || row.removedMs !== null) throw unknownClip(id);
    if (row.token === token) return row;
    throw new GradcastError(
      "clip-token",
      `Cannot go on with the upload as its token is another: id is ${id}`,
    );
  }

  function whole(id: string): ClipRow {
    const row = rows.get(id);
    if (row === undefined || !row.done || row.removedMs !== null) throw unknownClip(id);
    return row;
  }

  function change(id: string, part: Partial<ClipRow>): StoredClip {
    const row = { ...whole(id), ...part };
    rows.update(row);
    return clipOf(row);
  }

  async function erase(id: string): Promise<void> {
    await writer.stop(id);
    rows.delete(id);
    for (const part of ["media", "sidecar"] as const) await files.delete(fileName(id, part));
  }

  async function sweep(wantedBytes = 0): Promise<boolean> {
    const { leave, fits } = retain(rows.all(), bounds, now(), wantedBytes);
    for (const id of leave) await erase(id);
    return fits;
  }

  async function refuse(id: string, error: GradcastError): Promise<never> {
    await erase(id);
    throw error;
  }

  const known = new Set(rows.all().flatMap(({ id }) => [fileName(id, "media"), fileName(id, "sidecar")]));
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
          `Cannot keep the clip as pinned clips and uploads leave too little of ${bounds.maxBytes} bytes: ` +
            `current value is ${wanted} bytes`,
        );
      }
      const key = { id: secret(), token: secret() };
      const name = cleanClipName(facts.name);
      const times = { addedMs: now(), touchedMs: now(), removedMs: null };
      rows.insert({ ...facts, ...key, ...times, name, received: 0, done: false, pinned: false }, thumbnail);
      return key;
    },
    offset: (key) => owned(key).received,
    append: async (key, offset, bytes) => await writer.append(owned(key), offset, bytes),
    async complete(key) {
      const row = owned(key);
      const { id, type, bytes, sidecarBytes, received, done } = row;
      if (done) return clipOf(row);
      if (received < bytes + sidecarBytes) {
        throw new GradcastError(
          "clip-incomplete",
          `Cannot end the upload as it has ${bytes + sidecarBytes} bytes: current value is ${received}`,
        );
      }
      const head = await collect(files.read(fileName(id, "media"), 0, Math.min(bytes, CLIP_HEAD_BYTES)));
      if (sniffClip(head) !== type) {
        const message =
          `Cannot keep the clip as its first bytes have to be those of ${type}: current value is [${head}]`;
        return await refuse(id, new GradcastError("clip-format", message));
      }
      const fault = sidecarBytes === 0
        ? null
        : await sidecarFault(await collect(files.read(fileName(id, "sidecar"), 0, sidecarBytes)));
      if (fault !== null) {
        const message = `Cannot keep the clip as its sidecar does not fit: ${fault}`;
        return await refuse(id, new GradcastError("clip-sidecar", message));
      }
      const ended = { ...owned(key), done: true };
      rows.update(ended);
      return clipOf(ended);
    },
    async abandon(key) {
      const { id, done } = owned(key);
      if (!done) await erase(id);
    },
    list: (search) =>
      rows.all().filter(({ done, removedMs, name }) =>
        done && removedMs === null && clipNameMatches(name, search)
      ).sort(newestFirst).map(clipOf),
    get: (id) => clipOf(whole(id)),
    thumbnail(id) {
      const thumbnail = rows.thumbnail(whole(id).id);
      if (thumbnail === undefined) throw unknownClip(id);
      return thumbnail;
    },
    read: (id, part, from, length) => files.read(fileName(whole(id).id, part), from, length),
    rename: (id, name) => change(id, { name: cleanClipName(name) }),
    pin: (id, pinned) => change(id, { pinned }),
    remove: (id) => void change(id, { removedMs: now() }),
    restore(id) {
      const row = rows.get(id);
      if (row === undefined || !row.done) throw unknownClip(id);
      const restored = { ...row, removedMs: null };
      rows.update(restored);
      return clipOf(restored);
    },
    sweep: async () => void await sweep(),
    async close() {
      await writer.close();
      rows.close();
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

function unknownClip(id: string): GradcastError {
  return new GradcastError(
    "unknown-clip",
    `Cannot find the clip as none has this id: current value is ${id}`,
  );
}
