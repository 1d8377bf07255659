/** Pictures in the body of a request: one alone, or several as a form (O3). */
import { GradcastError } from "../../shared/errors.ts";
import {
  MAX_TAUGHT_FORM_BYTES,
  MAX_TAUGHT_FORM_PICTURES,
  MAX_TAUGHT_PICTURE_BYTES,
} from "../../shared/limits.ts";
import type { BodyLease } from "./_bodies.ts";
import { formParts, isForm, readingForm } from "./_form.ts";
import { readBytes } from "./_read_bytes.ts";

/** A file of a request. */
export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Pictures of a request; a form's are several, and one of it that is too large leaves the others alone. */
export interface SentPictures {
  readonly isForm: boolean;
  readonly files: readonly SentFile[];
}

/** Longest name of a file that is kept, in UTF-16 code units. */
const MAX_NAME_CHARS = 200;

/**
 * Reads the pictures of a body.
 *
 * @throws GradcastError `frame-bytes` or `message-shape`, or `busy` where the lease is
 */
export async function readPictures(request: Request, lease: BodyLease): Promise<SentPictures> {
  const type = request.headers.get("content-type") ?? "";
  if (!isForm(type)) {
    const bytes = await readBytes(request, MAX_TAUGHT_PICTURE_BYTES, tooLarge, lease);
    return { isForm: false, files: [{ name: "picture", bytes }] };
  }
  const body = await readBytes(request, MAX_TAUGHT_FORM_BYTES, tooLarge, lease);
  const files = filesOf(body, type, MAX_TAUGHT_FORM_PICTURES);
  if (files.length > 0) return { isForm: true, files };
  throw new GradcastError("message-shape", "Cannot take the form: expected pictures as its files, got none");
}

/**
 * The files of a form.
 *
 * @throws GradcastError `message-shape`
 */
export function filesOf(body: Uint8Array<ArrayBuffer>, type: string, most: number): readonly SentFile[] {
  return readingForm(() =>
    [...formParts(body, type, most)].flatMap(({ fileName, bytes }) =>
      // Without a copy the rest of the form would go along.
      fileName === null ? [] : [{ name: fileName.slice(0, MAX_NAME_CHARS), bytes: bytes.slice() }]
    )
  );
}

/** The refusal of a picture with too many bytes. */
export function tooLarge(limit: number, current: number): GradcastError {
  return new GradcastError(
    "frame-bytes",
    `Cannot take the picture: expected at most ${limit} bytes, got ${current} or more. Make it smaller, as pages do`,
  );
}
