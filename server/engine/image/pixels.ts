/** Pictures that come as the input's own pixels. */
import { corrupt, type Picture } from "./picture.ts";

/** Bytes of a pixel. */
const RGB = 3;

/**
 * Takes pixels of a model's input as they are, red, green and blue, row by row (F8).
 *
 * @throws GradcastError `frame-corrupt` (F5) where they are not as many as the input has
 */
export function readPixels(bytes: Uint8Array<ArrayBuffer>, width: number, height: number): Picture {
  const wanted = width * height * RGB;
  if (bytes.length === wanted) return { width, height, rgb: bytes };
  throw corrupt(`expected pixels of an input of ${width}×${height} to be ${wanted} bytes`, bytes.length);
}
