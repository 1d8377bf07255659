/** The picture in a request's body (A1, A4). */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_FORM_EXTRA_BYTES, MAX_PICTURE_BYTES } from "../../shared/limits.ts";
import { pictureFormat } from "../engine/mod.ts";
import type { BodyLease } from "./_bodies.ts";
import { formPart, isForm, readingForm } from "./_form.ts";
import { readBytes } from "./_read_bytes.ts";

/** Part of a form that holds the picture. */
const FORM_PART = "image";

/** Longest name of a picture that is kept, in UTF-16 code units. */
const MAX_NAME_CHARS = 200;

/** A picture that was sent. */
export interface SentPicture {
  /** Name of its file, where it has one. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the picture out of a body, and no more of the body than a picture may have. What it is, its first bytes say:
 * the type that a client gives is a guess from a file's name.
 *
 * @throws GradcastError `frame-bytes`, `frame-format` or `message-shape`, or `busy` where the lease is
 */
export async function readBody(request: Request, lease: BodyLease): Promise<SentPicture> {
  const type = request.headers.get("content-type") ?? "";
  if (isForm(type)) {
    return await readForm(request, type, lease);
  }
  const bytes = await readBytes(request, MAX_PICTURE_BYTES, tooLarge, lease);
  return { name: `picture.${pictureFormat(bytes)}`, bytes };
}

async function readForm(request: Request, type: string, lease: BodyLease): Promise<SentPicture> {
  const body = await readBytes(request, MAX_PICTURE_BYTES + MAX_FORM_EXTRA_BYTES, tooLarge, lease);
  const part = readingForm(() => formPart(body, type, FORM_PART));
  if (part === null || part.fileName === null) {
    throw new GradcastError(
      "message-shape",
      `Cannot take the form: its part '${FORM_PART}' must be a file, got ${
        part === null ? "none" : "a text"
      }`,
    );
  }
  const { fileName, bytes } = part;
  if (bytes.byteLength > MAX_PICTURE_BYTES) throw tooLarge(MAX_PICTURE_BYTES, bytes.byteLength);
  const format = pictureFormat(bytes);
  // The picture is handed over to a worker: without a copy the rest of the form would go along.
  return { name: fileName.slice(0, MAX_NAME_CHARS) || `picture.${format}`, bytes: bytes.slice() };
}

function tooLarge(limit: number, current: number): GradcastError {
  return new GradcastError(
    "frame-bytes",
    `Cannot take the picture: expected at most ${limit} bytes, got ${current} or more`,
  );
}
