/** Files of clips in one folder. */
import { join } from "node:path";
import type { ClipFiles } from "./clip_store.ts";
import { orStoreFailure } from "./failures.ts";
import { cutShort } from "./_file_name.ts";

/** Bytes that are read at a time. */
const READ_BYTES = 256 * 1024;

/** Opens a folder; it is made where it is missing. */
export async function openFolder(folder: string): Promise<ClipFiles> {
  await Deno.mkdir(folder, { recursive: true });
  const pathOf = (name: string) => join(folder, name);
  return {
    write: (name, at, bytes) =>
      orStoreFailure("keep the clip", async () => {
        const path = pathOf(name);
        using file = await Deno.open(path, { write: true, create: at === 0 });
        const before = await file.stat();
        if (before.size < at) throw cutShort(name, at, before.size);
        await file.seek(at, Deno.SeekMode.Start);
        for (let done = 0; done < bytes.byteLength;) done += await file.write(bytes.subarray(done));
        await file.syncData();
        // A file's name is in its folder, which is written by itself.
        if (at === 0) await syncFolder(folder);
        const there = await Deno.stat(path);
        if (there.ino !== before.ino || there.dev !== before.dev) throw cutShort(name, at, there.size);
      }),
    read: (name, from, length) => readFile(pathOf(name), from, length),
    async size(name) {
      try {
        return (await Deno.stat(pathOf(name))).size;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return 0;
        throw error;
      }
    },
    async delete(name) {
      try {
        await Deno.remove(pathOf(name));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
    async names() {
      const names: string[] = [];
      for await (const { name, isFile } of Deno.readDir(folder)) {
        if (isFile) names.push(name);
      }
      return names;
    },
  };
}

/** Puts a folder's names on the disk; where folders cannot be opened (Windows) the system does so by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using file = await Deno.open(folder);
  await file.sync();
}

/** Opened at the first pull, so that a stream that nobody reads holds no file. */
function readFile(path: string, from: number, length: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let file: Deno.FsFile | null = null;
  let left = length;
  const end = () => {
    file?.close();
    file = null;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        if (file === null) {
          file = await Deno.open(path);
          await file.seek(from, Deno.SeekMode.Start);
        }
        const bytes = new Uint8Array(Math.min(READ_BYTES, left));
        const count = left === 0 ? 0 : await file.read(bytes) ?? 0;
        left -= count;
        if (count > 0) controller.enqueue(bytes.subarray(0, count));
        if (left > 0 && count > 0) return;
        end();
        if (left === 0) controller.close();
        else {
          controller.error(
            new RangeError(
              `Cannot read the clip: its file lacks ${left} bytes`,
            ),
          );
        }
      } catch (error) {
        end();
        throw error;
      }
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
