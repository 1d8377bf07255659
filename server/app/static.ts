/** The page's files: a fixed list of folders, read from disk, revalidated by their hash. */
import type { Handler } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { LruCache } from "../../shared/lru_cache.ts";

const TYPES: ReadonlyMap<string, string> = new Map(Object.entries({
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  map: "application/json",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  jpg: "image/jpeg",
  png: "image/png",
  webmanifest: "application/manifest+json",
}));

/** One path segment of plain letters: nothing that could leave the folder. */
const FILE_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** What is sent smaller where a client takes gzip: text of some size. */
const TEXT = /^(text|application)\/|\+xml/;
const MIN_PACKED_BYTES = 1_024;

/** Files that are kept as they were made smaller; the page has fewer. */
const MAX_PACKED = 64;

/** A client that takes gzip, whatever it likes better. */
const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;

/** Serves `name` (or the route's `:name`) from `folder`. */
export function serveFolder(folder: URL, fixedName?: string): Handler {
  const packed = new LruCache<string, Promise<Uint8Array<ArrayBuffer>>>(MAX_PACKED);
  return async function serveFolderHandler(context) {
    const name = fixedName ?? context.req.param("name") ?? "";
    const type = TYPES.get(name.slice(name.lastIndexOf(".") + 1));
    if (!FILE_NAME.test(name) || type === undefined) throw notFound(context.req.path);
    const bytes = await readOrNull(new URL(name, folder));
    if (bytes === null) throw notFound(context.req.path);
    const hash = await digest(bytes);
    const isText = TEXT.test(type) && bytes.byteLength >= MIN_PACKED_BYTES;
    const packs = isText && TAKES_GZIP.test(context.req.header("accept-encoding") ?? "");
    const etag = `"${hash}${packs ? "-gzip" : ""}"`;
    const headers = {
      "content-type": type,
      "cache-control": "no-cache",
      etag,
      ...(isText ? { vary: "accept-encoding" } : {}),
    };
    if (context.req.header("if-none-match") === etag) return context.body(null, 304, headers);
    if (!packs) return context.body(bytes, 200, headers);
    const known = packed.get(hash) ?? pack(bytes);
    packed.set(hash, known);
    return context.body(await known, 200, { ...headers, "content-encoding": "gzip" });
  };
}

async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  // Part by part, so that frames are not held up by a large script.
  const parts = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(parts).arrayBuffer());
}

async function readOrNull(file: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.subarray(0, 12).toHex();
}

/** A fault that an HTTP route answers. */
export function notFound(path: string): GradcastError {
  return new GradcastError(
    "not-found",
    `Cannot find ${path}: nothing is there`,
  );
}
