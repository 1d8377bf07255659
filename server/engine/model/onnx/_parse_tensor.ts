/** Reads tensors as they are written out of their bytes. */
import { addEntry } from "./_entries.ts";
import type { External, TensorProto } from "./_proto.ts";
import { Fields, MAX_LIST, MAX_SIDES } from "./_wire.ts";

export function parseTensor(bytes: Uint8Array<ArrayBuffer>): TensorProto {
  const dims: number[] = [];
  const integers: number[] = [];
  const [floats, doubles]: [Uint8Array<ArrayBuffer>[], Uint8Array<ArrayBuffer>[]] = [[], []];
  const place = new Map<string, string>();
  let name = "";
  let type = 0;
  let raw: Uint8Array<ArrayBuffer> | null = null;
  let outside = false;
  const fields = new Fields(bytes);
  while (fields.next()) {
    switch (fields.field) {
      case 1:
        fields.integers(dims, MAX_SIDES);
        break;
      case 2:
        type = fields.integer();
        break;
      case 4:
        if (fields.packed) floats.push(fields.bytes());
        else floats.push(new Uint8Array(new Float32Array([fields.float()]).buffer));
        break;
      case 5:
      case 7:
      case 11:
        // A list longer than this is not shape arithmetic; PyTorch and tf2onnx write such ones as raw bytes.
        fields.integers(integers, MAX_LIST);
        break;
      case 8:
        name = fields.text();
        break;
      case 9:
        raw = fields.bytes();
        break;
      case 10:
        if (fields.packed) doubles.push(fields.bytes());
        else fields.skip();
        break;
      case 13:
        addEntry(place, fields.bytes());
        break;
      case 14:
        outside = fields.integer() === 1;
        break;
      default:
        fields.skip();
    }
  }
  return {
    name,
    dims,
    type,
    raw,
    floats,
    doubles,
    integers,
    external: outside ? parseExternal(name, place) : null,
  };
}

function parseExternal(name: string, place: ReadonlyMap<string, string>): External {
  const number = (text: string | undefined, otherwise: number) => {
    const value = text === undefined ? otherwise : Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new Error(`tensor ${name.slice(0, 200)} gives a place in another file that is no number`);
  };
  const length = place.get("length");
  return {
    location: place.get("location") ?? "",
    offset: number(place.get("offset"), 0),
    length: length === undefined ? null : number(length, 0),
  };
}
