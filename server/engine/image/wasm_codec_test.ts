import assert from "node:assert/strict";
import factory from "@jsquash/avif/codec/dec/avif_dec.js";
import { GradcastError } from "../../../shared/errors.ts";
import { decodePicture } from "./mod.ts";
import { WasmCodec } from "./wasm_codec.ts";

const LARGE = await Deno.readFile(new URL("./_fixtures/large.avif", import.meta.url));

Deno.test("WasmCodec gives a decoder memory for the pixels that the header announces, and no more", async () => {
  const codec = new WasmCodec<{ decode(bytes: Uint8Array, bitDepth: 8): ImageData | null }>(
    factory,
    import.meta.resolve("@jsquash/avif/codec/dec/avif_dec.wasm"),
  );
  const decode = async (pixels: number) => {
    const { decoder } = await codec.start(pixels);
    try {
      return decoder.decode(LARGE, 8)?.width ?? null;
    } catch {
      codec.drop();
      return null;
    }
  };
  assert.equal(await decode(16 * 16), null);
  assert.equal(await decode(3000 * 2000), 3000);
});

Deno.test("F5: an AVIF whose header says less than its pixels are is refused", async () => {
  const bytes = LARGE.slice();
  const size = new TextDecoder("latin1").decode(bytes).indexOf("ispe");
  const view = new DataView(bytes.buffer);
  assert.deepEqual([view.getUint32(size + 8), view.getUint32(size + 12)], [3000, 2000]);
  view.setUint32(size + 8, 16);
  view.setUint32(size + 12, 16);
  await assert.rejects(
    decodePicture(bytes),
    (error) => error instanceof GradcastError && error.code === "frame-corrupt",
  );
});
