/** The table in a request's body (Q1). */
import { GradcastError } from "../../shared/errors.ts";
import { MAX_FORM_EXTRA_BYTES } from "../../shared/limits.ts";
import { printable } from "../../shared/printable.ts";
import { MAX_TABLE_BYTES } from "../../shared/table_wire.ts";
import { tooLarge } from "../tables/mod.ts";
import type { BodyLease } from "./_bodies.ts";
import { formPart, isForm, readingForm } from "./_form.ts";
import { readBytes } from "./_read_bytes.ts";

/** Part of a form that holds the table. */
const FORM_PART = "table";

const MAX_NAME_CHARS = 200;

/** A table that was sent. */
export interface SentTable {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the table of a body: a form with the part `table`, or the file itself, which `name` names. One that says beforehand that it
 * is too large is not read.
 *
 * @throws GradcastError `table-bytes` or `message-shape`, or `busy` where the lease is
 */
export async function receiveTable(request: Request, name: string, lease: BodyLease): Promise<SentTable> {
  const type = request.headers.get("content-type") ?? "";
  const refuse = (_: number, bytes: number) => tooLarge(bytes);
  if (!isForm(type)) {
    return { name: named(name), bytes: await readBytes(request, MAX_TABLE_BYTES, refuse, lease) };
  }
  const body = await readBytes(request, MAX_TABLE_BYTES + MAX_FORM_EXTRA_BYTES, refuse, lease);
  const part = readingForm(() => formPart(body, type, FORM_PART));
  if (part === null) {
    throw new GradcastError("message-shape", `Cannot take the form: it has no part '${FORM_PART}'`);
  }
  const { fileName, bytes } = part;
  // The table is handed over to a worker: without a copy the rest of the form would go along.
  return { name: named(fileName), bytes: bytes.slice() };
}

function named(name: string | null): string {
  return printable((name ?? "").slice(0, MAX_NAME_CHARS)) || "table.csv";
}
