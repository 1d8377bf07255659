/** Exported folders in requests and answers: ZIP archives, or forms whose files have their paths for names (O11, O12). */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_TAUGHT_IMPORT_BYTES, MAX_TAUGHT_IMPORT_FILES } from "../../shared/limits.ts";
import type { ModelFile } from "../engine/model/files.ts";
import { readZipDirectory, unzip } from "../engine/model/zip.ts";
import { type ImportedFile, withoutFolder } from "../teach/mod.ts";
import type { BodyLease } from "./_bodies.ts";
import { isForm } from "./_form.ts";
import { readBytes } from "./_read_bytes.ts";
import { filesOf } from "./_taught_body.ts";

/**
 * Reads the files of a folder out of a body.
 *
 * @throws GradcastError `model-bytes`, `archive-refused` or `message-shape`, or `busy` where the lease is
 */
export async function readFolder(request: Request, lease: BodyLease): Promise<readonly ImportedFile[]> {
  const type = request.headers.get("content-type") ?? "";
  const body = await readBytes(request, MAX_TAUGHT_IMPORT_BYTES, tooLarge, lease);
  const files = isForm(type)
    ? filesOf(body, type, MAX_TAUGHT_IMPORT_FILES).map(({ name, bytes }) => ({ path: name, bytes }))
    : await unpacked(body);
  return withoutFolder(files);
}

/** The files of an archive, none of them unpacked beyond what a folder may have. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<readonly ImportedFile[]> {
  const file = inMemory(bytes);
  try {
    const entries = [...(await readZipDirectory(file)).values()];
    const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (entries.length > MAX_TAUGHT_IMPORT_FILES || total > MAX_TAUGHT_IMPORT_BYTES) {
      throw tooLarge(MAX_TAUGHT_IMPORT_BYTES, total);
    }
    const files: ImportedFile[] = [];
    for (const entry of entries) {
      files.push({ path: entry.name, bytes: await unzip(file, entry, MAX_TAUGHT_IMPORT_BYTES) });
    }
    return files;
  } catch (cause) {
    if (cause instanceof GradcastError) throw cause;
    throw new GradcastError(
      "archive-refused",
      `Cannot import the folder: ${
        cause instanceof Error ? cause.message.replace(/^Cannot load the model: /, "") : String(cause)
      }`,
      { cause },
    );
  }
}

function inMemory(bytes: Uint8Array<ArrayBuffer>): ModelFile {
  const fillAtSync = (buffer: Uint8Array, position: number) => {
    if (position + buffer.length > bytes.length) throw new RangeError("it is cut off");
    buffer.set(bytes.subarray(position, position + buffer.length));
  };
  return {
    name: "what came",
    bytes: bytes.length,
    fill: (buffer) => Promise.resolve(fillAtSync(buffer, 0)),
    fillAt: (buffer, position) => Promise.resolve(fillAtSync(buffer, position)),
    fillAtSync,
    [Symbol.dispose]() {},
  };
}

function tooLarge(limit: number, current: number): GradcastError {
  return new GradcastError(
    "model-bytes",
    `Cannot import the folder: expected at most ${limit} bytes in ${MAX_TAUGHT_IMPORT_FILES} files, got ${current} bytes or more`,
  );
}
