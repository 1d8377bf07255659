/** Lists inside of messages: of keys and values, and how long others may be. */
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

/** How often a message has a field; nothing of it is read. */
export function countFields(bytes: Uint8Array<ArrayBuffer>, field: number): number {
  let count = 0;
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field === field) count++;
    fields.skip();
  }
  return count;
}

/** @throws Error if there are more than may be */
export function holdTo(what: string, count: number, most: number): void {
  if (count <= most) return;
  const [bound, got] = [most, count].map((number) => number.toLocaleString("en"));
  throw new Error(`it must have ${bound} ${what} or fewer, got ${got}`);
}
