/** The SHA-256 by which files of a model are known, without holding them in memory. */
import { createHash } from "node:crypto";
import type { ModelHash } from "../../../shared/model_about.ts";
import type { ModelFiles } from "./files.ts";

/** Bytes that are read at a time. */
const BLOCK_BYTES = 2 ** 20;

/**
 * Hashes files of a folder: of several, the hash of the lines that `sha256sum` writes of them, by their names in order.
 *
 * @throws Error where one is not there or ends early
 */
export async function hashFiles(files: ModelFiles, names: Iterable<string>): Promise<ModelHash> {
  const hashes: string[] = [];
  const sorted = [...names].sort();
  for (const name of sorted) hashes.push(await hashOf(files, name));
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return { of: "file", sha256: only };
  const lines = sorted.map((name, index) => `${hashes[index]}  ${name}\n`).join("");
  return { of: "files", sha256: sha256(new TextEncoder().encode(lines)) };
}

/** SHA-256 of some bytes, in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function hashOf(files: ModelFiles, name: string): Promise<string> {
  using file = await files.openRequired(name);
  const hash = createHash("sha256");
  const block = new Uint8Array(Math.min(BLOCK_BYTES, file.bytes));
  for (let left = file.bytes; left > 0; left -= block.length) {
    const part = block.subarray(0, Math.min(left, block.length));
    await file.fill(part);
    hash.update(part);
  }
  return hash.digest("hex");
}
