/** The one thing that is read of EXIF data: how the picture was held. */
import { type Orientation, UPRIGHT } from "./orient.ts";

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;
const LITTLE_ENDIAN = 0x4949;
const BIG_ENDIAN = 0x4d4d;

/** Reads the orientation from EXIF data (a TIFF file without pixels); damaged or silent data means upright. */
export function readOrientation(exif: Uint8Array): Orientation {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (view.byteLength < 8) return UPRIGHT;
  const order = view.getUint16(0);
  if (order !== LITTLE_ENDIAN && order !== BIG_ENDIAN) return UPRIGHT;
  const little = order === LITTLE_ENDIAN;
  const directory = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || directory + 2 > view.byteLength) return UPRIGHT;
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * ENTRY_BYTES;
    if (at + ENTRY_BYTES > view.byteLength) break;
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue;
    return view.getUint16(at + 2, little) === SHORT ? orientationOf(view.getUint16(at + 8, little)) : UPRIGHT;
  }
  return UPRIGHT;
}

function orientationOf(value: number): Orientation {
  return value >= 1 && value <= 8 ? value as Orientation : UPRIGHT;
}
