/** The picture in a request's body (A1, A4). */
import type { FileFormat } from "../../shared/codec.ts";
import { GradcastError } from "../../shared/errors.ts";
import { MAX_FORM_EXTRA_BYTES, MAX_FRAME_BYTES } from "../../shared/limits.ts";
import { sniffFormat } from "../engine/mod.ts";
import { readBytes } from "./_read_bytes.ts";

/** Part of a form that holds the picture. */
const FORM_PART = "image";

/** Longest name of a picture that is kept, in UTF-16 code units. */
const MAX_NAME_CHARS = 200;

const FORMATS: Readonly<Record<string, FileFormat>> = { "image/jpeg": "jpeg", "image/png": "png" };

/** A picture that was sent. */
export interface SentPicture {
  /** Name of its file, where it has one. */
  readonly name: string;
  readonly format: FileFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the picture out of a body, and no more of the body than a picture may have.
 *
 * @throws GradcastError `frame-bytes`, `frame-format` or `message-shape`
 */
export async function readBody(request: Request): Promise<SentPicture> {
  const type = typeOf(request.headers.get("content-type") ?? "");
  if (type === "multipart/form-data") return await readForm(request);
  if (FORMATS[type] === undefined) {
    throw new GradcastError(
      "frame-format",
      `Cannot take the picture as the body has to be image/jpeg, image/png or multipart/form-data: ` +
        `current value is '${type}'`,
    );
  }
  const bytes = await readBytes(request, MAX_FRAME_BYTES, tooLarge);
  return { name: `picture.${FORMATS[type]}`, ...checked(bytes, type) };
}

async function readForm(request: Request): Promise<SentPicture> {
  const body = await readBytes(request, MAX_FRAME_BYTES + MAX_FORM_EXTRA_BYTES, tooLarge);
  const picture = await formPart(new Response(body, { headers: request.headers }));
  if (!(picture instanceof File)) {
    throw new GradcastError(
      "message-shape",
      `Cannot take the form as its part '${FORM_PART}' has to be a file: current value is ${
        picture === null ? "none" : "a text"
      }`,
    );
  }
  const bytes = new Uint8Array(await picture.arrayBuffer());
  if (bytes.byteLength > MAX_FRAME_BYTES) throw tooLarge(MAX_FRAME_BYTES, bytes.byteLength);
  const name = picture.name.slice(0, MAX_NAME_CHARS) || `picture.${sniffFormat(bytes) ?? ""}`;
  return { name, ...checked(bytes, typeOf(picture.type)) };
}

async function formPart(form: Response): Promise<FormDataEntryValue | null> {
  try {
    return (await form.formData()).get(FORM_PART);
  } catch (cause) {
    throw new GradcastError(
      "message-shape",
      `Cannot take the form as it cannot be read: current value is ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      { cause },
    );
  }
}

/** The format that the type names, which the engine holds the picture to (F4), or that of its first bytes. */
function checked(bytes: Uint8Array<ArrayBuffer>, type: string): Pick<SentPicture, "format" | "bytes"> {
  const format = FORMATS[type] ?? sniffFormat(bytes);
  if (format !== null) return { format, bytes };
  throw new GradcastError(
    "frame-format",
    `Cannot take the picture as its first bytes have to be those of jpeg or png: current value is [${
      bytes.subarray(0, 8)
    }]`,
  );
}

function typeOf(header: string): string {
  return header.split(";")[0]?.trim().toLowerCase() ?? "";
}

function tooLarge(limit: number, current: number): GradcastError {
  return new GradcastError(
    "frame-bytes",
    `Cannot take the picture as it has at most ${limit} bytes: current value is ${current} or more`,
  );
}
