/** Parts of a form (multipart/form-data, RFC 7578), found without looking at more than a form of a picture has. */
import { Buffer } from "node:buffer";
import { GradcastError } from "../../shared/errors.ts";

/** Parts of a form at most: reading a body of nothing but parts took 27 s and 700 MB. */
const MAX_PARTS = 100;

/** Bytes of a part's headers at most. */
const MAX_HEAD_BYTES = 16 * 1024;

/** A boundary as RFC 2046 (5.1.1) has it, in quotes or without. */
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;

const LINE = "\r\n";

/** What is wrong with a body that should be a form, in words for whoever sent it. */
export class UnfitForm extends RangeError {}

/** Whether a body of this Content-Type is a form. */
export function isForm(type: string): boolean {
  return type.trimStart().toLowerCase().startsWith("multipart/form-data");
}

/**
 * Reads a form, and refuses one that cannot be read.
 *
 * @throws GradcastError `message-shape`, or what `read` throws
 */
export function readingForm<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof UnfitForm)) throw cause;
    throw new GradcastError("message-shape", `Cannot take the form: it cannot be read, ${cause.message}`);
  }
}

/** A part of a form. */
export interface FormPart {
  readonly name: string | null;
  /** Name of its file; null: the part is a text. */
  readonly fileName: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Finds the first part of a name, or null where the form has none.
 *
 * @param type the body's Content-Type
 * @throws UnfitForm where the body is no form
 */
export function formPart(body: Uint8Array<ArrayBuffer>, type: string, name: string): FormPart | null {
  for (const part of formParts(body, type)) if (part.name === name) return part;
  return null;
}

/**
 * Yields the parts of a form as they are found.
 *
 * @param type the body's Content-Type
 * @param most parts that it may have
 * @throws UnfitForm where the body is no form
 */
export function* formParts(
  body: Uint8Array<ArrayBuffer>,
  type: string,
  most = MAX_PARTS,
): Generator<FormPart, void, undefined> {
  const [, quoted, bare] = BOUNDARY.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw new UnfitForm("its Content-Type has no boundary");
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = Buffer.from(`${LINE}--${boundary}`, "latin1");
  // The first delimiter may stand at the very beginning, where no line ends before it.
  const first = delimiter.subarray(LINE.length);
  let at = bytes.subarray(0, first.length).equals(first) ? first.length : after(bytes, delimiter, 0);
  for (let count = 0; at !== null; count++) {
    if (bytes.toString("latin1", at, at + 2) === "--") return;
    if (count >= most) throw new UnfitForm(`it has more than ${most} parts`);
    const begin = after(bytes.subarray(0, at + MAX_HEAD_BYTES), Buffer.from(LINE + LINE), at);
    if (begin === null) throw new UnfitForm(`a part's headers do not end within ${MAX_HEAD_BYTES} bytes`);
    const next = after(bytes, delimiter, begin - LINE.length);
    if (next === null) break;
    const head = new TextDecoder().decode(bytes.subarray(at, begin));
    // A part without bytes ends with the line that ends its headers.
    const end = Math.max(begin, next - delimiter.length);
    yield {
      name: parameter(head, "name"),
      fileName: parameter(head, "filename"),
      bytes: body.subarray(begin, end),
    };
    at = next;
  }
  throw new UnfitForm("it ends before its last boundary");
}

/** The place behind `wanted`, searched from `from` on; null where it is not there. */
function after(bytes: Buffer, wanted: Buffer, from: number): number | null {
  const at = bytes.indexOf(wanted, from);
  return at === -1 ? null : at + wanted.length;
}

/** A parameter of Content-Disposition; browsers write quotes in it as `%22`, others with a backslash. */
function parameter(head: string, name: string): string | null {
  const line = /^content-disposition:[^\r\n]*/im.exec(head)?.[0] ?? "";
  const extended = new RegExp(`;\\s*${name}\\*=utf-8'[^']*'([^;\\s]+)`, "i").exec(line)?.[1];
  if (extended !== undefined) return decoded(extended);
  const plain = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s"]+))`, "i").exec(line);
  const text = plain?.[1] ?? plain?.[2];
  return text?.replaceAll(/\\(["\\])/g, "$1").replaceAll("%22", '"') ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
