/** The rules of a store of clips, the same wherever rows and files lie. */
import { CLIP_HEAD_BYTES, sniffClip } from "../../shared/clips.ts";
import { GradcastError } from "../../shared/errors.ts";
import type { ClipFiles, ClipIds, ClipRow, ClipRows, ClipStore, UploadKey } from "./clip_store.ts";
import { clipOf } from "./clip_table.ts";
import { createClipWriter } from "./_clip_writer.ts";
import { fileName } from "./_file_name.ts";
import { unknownClip } from "./_unknown_clip.ts";
import { sidecarFault } from "./_sidecar.ts";

/** Random bytes of an id and of a token. */
const SECRET_BYTES = 16;

/** Names that this store gives files; others are somebody else's and stay. */
const OWN_NAME = /^[0-9a-f]{32}\.(media|sidecar)$/;

/** Makes a store; what an ended process left of clips without a row is deleted. */
export async function createClipStore(rows: ClipRows, files: ClipFiles): Promise<ClipStore> {
  const writer = createClipWriter(rows, files, deleteFiles);

  async function owned({ id, token }: UploadKey): Promise<ClipRow> {
    const row = await rows.get(id);
    if (row === null || row.removedUpMs !== null) throw unknownClip(id);
    if (row.token === token) return row;
    throw new GradcastError("clip-token", `Cannot continue the upload ${id}: its token is another`);
  }

  async function whole(id: string): Promise<ClipRow> {
    const row = await rows.get(id);
    if (row === null || !row.done || row.removedUpMs !== null) throw unknownClip(id);
    return row;
  }

  function orUnknown<Found>(id: string, found: Found | null): Found {
    if (found === null) throw unknownClip(id);
    return found;
  }

  async function deleteFiles(ids: ClipIds): Promise<void> {
    for (const id of ids) {
      for (const part of ["media", "sidecar"] as const) await files.delete(fileName(id, part));
    }
  }

  /** Ends what is being written of erased clips, then deletes their files. */
  async function eraseFiles(ids: ClipIds): Promise<void> {
    for (const id of ids) await writer.stop(id);
    await deleteFiles(ids);
  }

  async function erase(id: string): Promise<void> {
    try {
      await rows.erase(id);
      await eraseFiles([id]);
    } catch (error) {
      if (!(error instanceof GradcastError) || error.code !== "disk-full") throw error;
      // Even to forget a row takes room: the files make it.
      await eraseFiles([id]);
      await rows.erase(id);
    }
  }

  async function refuse(id: string, error: GradcastError): Promise<never> {
    await erase(id);
    throw error;
  }

  await forgetLostFiles();
  await eraseFiles(await rows.ageOut());

  async function forgetLostFiles(): Promise<void> {
    const known = new Set(
      (await rows.ids()).flatMap((id) => [fileName(id, "media"), fileName(id, "sidecar")]),
    );
    for (const name of await files.names()) {
      if (OWN_NAME.test(name) && !known.has(name)) await files.delete(name);
    }
  }

  return {
    async create(upload) {
      const key = { id: secret(), token: secret() };
      await eraseFiles(await rows.announce(upload, key));
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
        : await sidecarFault(() => files.read(fileName(id, "sidecar"), 0, sidecarBytes));
      if (fault !== null) {
        const message = `Cannot keep the clip: its sidecar does not fit. ${fault}`;
        return await refuse(id, new GradcastError("clip-sidecar", message));
      }
      return orUnknown(id, await rows.finish(id));
    },
    async abandon(key) {
      const { id, done } = await owned(key);
      if (!done) await erase(id);
    },
    list: (search) => rows.list(search),
    get: async (id) => clipOf(await whole(id)),
    thumbnail: async (id) => orUnknown(id, await rows.thumbnail((await whole(id)).id)),
    async read(id, part, from, length) {
      const name = fileName((await whole(id)).id, part);
      const there = await files.size(name);
      if (there >= from + length) return files.read(name, from, length);
      throw new GradcastError(
        "unknown-clip",
        `Cannot read the clip ${id}: its ${part} has ${there} bytes, and ${
          from + length
        } were kept; it was deleted or cut`,
      );
    },
    change: async (id, edit) => orUnknown(id, await rows.edit(id, edit)),
    async remove(id) {
      if (!await rows.remove(id)) throw unknownClip(id);
    },
    restore: async (id) => orUnknown(id, await rows.restore(id)),
    trash: () => rows.trash(),
    emptyTrash: async () => await eraseFiles(await rows.emptyTrash()),
    sweep: async () => await eraseFiles(await rows.ageOut()),
    async close() {
      await writer.close();
      await rows.close();
    },
  };
}

function secret(): string {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toHex();
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
