/** WebP: the file taken apart by hand, the pixels by libwebp. */
import factory from "@jsquash/webp/codec/dec/webp_dec.js";
import { corrupt, flatten, type Picture, placeOnWhite } from "./picture.ts";
import { WasmCodec } from "./wasm_codec.ts";
import { readWebp } from "./webp_file.ts";

const LIBWEBP = new WasmCodec<{ decode(bytes: Uint8Array): ImageData | null }>(
  factory,
  import.meta.resolve("@jsquash/webp/codec/dec/webp_dec.wasm"),
);

/**
 * Decodes a WebP, of an animated one the first picture.
 *
 * EXIF data does not turn it: no browser follows it in this format, and every path shows the same.
 */
export async function decodeWebp(bytes: Uint8Array): Promise<Picture> {
  const { width, height, x, y, inner, still } = readWebp(bytes);
  const { decoder } = await LIBWEBP.start(inner.width * inner.height);
  let image: ImageData | null;
  try {
    image = decoder.decode(still);
  } catch (cause) {
    LIBWEBP.drop();
    throw corrupt("expected data that libwebp can read", "damaged data", { cause });
  } finally {
    LIBWEBP.settle();
  }
  if (image === null || image.width !== inner.width || image.height !== inner.height) {
    throw corrupt("expected a picture of the size that the header gives", "none");
  }
  return placeOnWhite({ ...inner, rgb: flatten(image.data) }, x, y, { width, height });
}
