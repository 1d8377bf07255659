/** AVIF: the header read by hand, the pixels by libavif. */
import factory from "@jsquash/avif/codec/dec/avif_dec.js";
import { readAvifHeader } from "./avif_file.ts";
import { orient } from "./orient.ts";
import { corrupt, flatten, type Picture } from "./picture.ts";
import { WasmCodec } from "./wasm_codec.ts";

const LIBAVIF = new WasmCodec<{ decode(bytes: Uint8Array, bitDepth: 8): ImageData | null }>(
  factory,
  import.meta.resolve("@jsquash/avif/codec/dec/avif_dec.wasm"),
);

/** Decodes an AVIF, of a moving one the first picture, turned and mirrored as the file says. */
export async function decodeAvif(bytes: Uint8Array): Promise<Picture> {
  const header = readAvifHeader(bytes);
  const { decoder } = await LIBAVIF.start(header.width * header.height);
  let image: ImageData | null;
  try {
    image = decoder.decode(bytes, 8);
  } catch (cause) {
    LIBAVIF.drop();
    throw corrupt("expected data that libavif can read", "damaged data", { cause });
  } finally {
    LIBAVIF.settle();
  }
  if (image === null) throw corrupt("expected libavif to return a picture", "none");
  const { width, height, data } = image;
  return orient({ width, height, rgb: flatten(data) }, header.orientation);
}
