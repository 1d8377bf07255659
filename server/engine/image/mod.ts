/** Pictures in: decoding, cropping, resizing. */
export { readPixels } from "./pixels.ts";
export { decodePicture, pictureFormat, pictureNote } from "./decode.ts";
export type { DecodeOptions } from "./decode.ts";
export type { Picture } from "./picture.ts";
export { PictureReader, type ReadPicture } from "./reader.ts";
export { cropSquare, fitInput, resize } from "../../../shared/resample.ts";
export { sniffFormat } from "./sniff.ts";
