/** From a web response to Node's: written as fast as the client takes it, made no further than it is wanted. */
import type { ServerResponse } from "node:http";
import { joinBytes } from "../../shared/bytes.ts";

/** Turns of the microtask queue in which a body that lies in memory has been read. */
const TURNS = 32;

/** Parts that a body in memory has at most. */
const EARLY_PARTS = 2;

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Sends a response; of `HEAD` its headers alone (A12). */
export async function sendResponse(
  outgoing: ServerResponse,
  response: Response,
  isHead: boolean,
): Promise<void> {
  const reader: Reader | undefined = response.body?.getReader();
  if (outgoing.destroyed || outgoing.closed) return await giveUp(reader);
  // Whoever makes the rest learns of it as soon as the client has gone, even while the next part is being made.
  outgoing.once("close", () => void giveUp(reader));
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (reader === undefined) return void outgoing.end();
  const hasLength = response.headers.has("content-length");
  const { parts, next } = hasLength ? { parts: [], next: null } : await readWhatIsThere(reader);
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (!hasLength && next === null) outgoing.setHeader("content-length", length);
  if (isHead) {
    outgoing.end();
    return await giveUp(reader);
  }
  if (!hasLength && next === null) return void outgoing.end(joinBytes(parts));
  outgoing.flushHeaders();
  for (const part of parts) await write(outgoing, part);
  let written = length;
  for (let read = next ?? reader.read(); !outgoing.closed; read = reader.read()) {
    const { done, value } = await read;
    if (done) return finish(outgoing, written, response.headers.get("content-length"));
    written += value.byteLength;
    await write(outgoing, value);
  }
}

/** What can be read without waiting: all of a body in memory, nothing or a first part of one that is being made. */
async function readWhatIsThere(
  reader: Reader,
): Promise<{ parts: Uint8Array<ArrayBuffer>[]; next: ReturnType<Reader["read"]> | null }> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const next = reader.read();
    const read = parts.length < EARLY_PARTS ? await soon(next) : null;
    if (read === null) return { parts, next };
    if (read.done) return { parts, next: null };
    parts.push(read.value);
  }
}

/** What a promise gives without I/O, or null. */
async function soon<T>(promise: Promise<T>): Promise<T | null> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  for (let turn = 0; turn < TURNS && !settled; turn++) await null;
  return settled ? await promise : null;
}

/** Ends an answer; one that is shorter than it said is broken off, as its client would wait for the rest. */
function finish(outgoing: ServerResponse, written: number, said: string | null): void {
  if (said === null || Number(said) === written) outgoing.end();
  else outgoing.destroy();
}

/** Writes a part and waits until there is room for the next one, or nobody to read it. */
async function write(outgoing: ServerResponse, part: Uint8Array<ArrayBuffer>): Promise<void> {
  if (outgoing.closed || outgoing.write(part)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      outgoing.off("drain", go).off("close", go);
      resolve();
    };
    outgoing.on("drain", go).on("close", go);
  });
}

/** Ends a body that nobody reads on. */
async function giveUp(reader: Reader | undefined): Promise<void> {
  // What its maker throws on being stopped has nobody to go to.
  await reader?.cancel().catch(() => {});
}
