/** What the server and the engine's process say to each other beyond the worker's own messages. */
import type { Reply } from "../worker/host/messages.ts";

/** A message to the engine's process beside the worker's requests: another process is wanted beside this one. */
export interface AnotherWanted {
  readonly call: "another";
}

/** A message from the engine's process; those to it are the worker's requests as they are, and `AnotherWanted`. */
export type FromProcess =
  | { readonly kind: "reply"; readonly reply: Reply }
  /** Said every `ALIVE_MS`, whatever the worker is busy with. */
  | { readonly kind: "alive" }
  /** The worker died of an error. */
  | { readonly kind: "fault"; readonly message: string }
  /** The worker sent a message that cannot be read. */
  | { readonly kind: "unreadable" };

/** Time between two signs of life of the engine's process, in ms. */
export const ALIVE_MS = 1_000;

/** Without a sign of life for this long the process is given up, in ms. */
export const SILENCE_LIMIT_MS = 5_000;

/** Number of this form of messages; another one for every change of theirs or of the worker's. */
const FORM = 5;

const MAGIC = new TextEncoder().encode("gradcast");

/** Length of a greeting, in bytes. */
export const GREETING_BYTES = MAGIC.length + 4;

/** What the engine's process sends first: sources may have changed while the server ran. */
export function greeting(form = FORM): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, form, true);
  return bytes;
}

/** What is wrong with a greeting, or null. */
export function greetingFault(bytes: Uint8Array<ArrayBuffer>): string | null {
  if (bytes.length !== GREETING_BYTES || MAGIC.some((byte, index) => bytes[index] !== byte)) {
    return "it is no engine of Gradcast";
  }
  const form = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  if (form === FORM) return null;
  return `expected messages of form ${FORM}, got ${form}; the program was changed: start the server again`;
}
