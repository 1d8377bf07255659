/** Pictures in: decoding, cropping, resizing. */
export { decodePicture } from "./decode.ts";
export type { DecodeOptions } from "./decode.ts";
export type { Picture } from "./picture.ts";
export { cropSquare, fitInput, resize } from "./resize.ts";
export { sniffFormat } from "./sniff.ts";
