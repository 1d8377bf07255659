/** Lists inside of messages: of keys and values, and those that are too long. */
import { Fields } from "./_wire.ts";

/** Adds an entry of a list of keys and values; of one key alone where it is given. */
export function addEntry(to: Map<string, string>, bytes: Uint8Array<ArrayBuffer>, only?: string): void {
  let key = "";
  let value: Uint8Array<ArrayBuffer> | null = null;
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field === 1) key = fields.text();
    else if (fields.field === 2) value = fields.bytes();
    else fields.skip();
  }
  if (only === undefined || key === only) to.set(key, value === null ? "" : new TextDecoder().decode(value));
}

export function tooMany(what: string, most: number): Error {
  return new Error(`it may have ${most.toLocaleString("en")} ${what}, and it has more`);
}
