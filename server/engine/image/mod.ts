/** Pictures in: decoding, cropping, resizing. */
export { readPixels } from "./pixels.ts";
export { decodePicture } from "./decode.ts";
export type { DecodeOptions } from "./decode.ts";
export type { Picture } from "./picture.ts";
export { cropSquare, fitInput, resize } from "../../../shared/resample.ts";
export { sniffFormat } from "./sniff.ts";
