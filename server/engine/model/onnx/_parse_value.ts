/** Reads names and shapes of inputs and outputs out of their bytes. */
import { countFields, holdTo } from "./_entries.ts";
import type { ValueInfo } from "./_proto.ts";
import { Fields, MAX_SIDES } from "./_wire.ts";

export function parseValueInfo(bytes: Uint8Array<ArrayBuffer>): ValueInfo {
  let name = "";
  let type = 0;
  let dims: readonly (number | string)[] | null = null;
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field === 1) name = fields.text();
    else if (fields.field === 2) {
      const kinds = new Fields(fields.bytes());
      while (kinds.next()) {
        if (kinds.field !== 1) {
          kinds.skip();
          continue;
        }
        const tensor = new Fields(kinds.bytes());
        while (tensor.next()) {
          if (tensor.field === 1) type = tensor.integer();
          else if (tensor.field === 2) dims = parseShape(tensor.bytes());
          else tensor.skip();
        }
      }
    } else fields.skip();
  }
  return { name, type, dims };
}

function parseShape(bytes: Uint8Array<ArrayBuffer>): readonly (number | string)[] {
  holdTo("sides of one value", countFields(bytes, 1), MAX_SIDES);
  const dims: (number | string)[] = [];
  const fields = new Fields(bytes);
  while (fields.next()) {
    if (fields.field !== 1) {
      fields.skip();
      continue;
    }
    let side: number | string = "any";
    const parts = new Fields(fields.bytes());
    while (parts.next()) {
      if (parts.field === 1) side = parts.integer();
      else if (parts.field === 2) side = parts.text();
      else parts.skip();
    }
    dims.push(side);
  }
  return dims;
}
