/** Entry of the worker that reads pictures. */
/// <reference lib="deno.worker" />
import { packError } from "../../../shared/packed_error.ts";
import { decodePicture } from "./decode.ts";
import type { FromReader, ReadOutcome, ReadRequest, ToReader } from "./reader.ts";
import { fitInput } from "../../../shared/resample.ts";

/** What reading fails with that a decoder threw, out of memory for example. */
const UNEXPECTED = {
  code: "frame-corrupt",
  message: "Cannot decode the picture: its decoder failed",
} as const;

self.onmessage = async ({ data: { number, request } }: MessageEvent<ToReader>) => {
  self.postMessage({ number, outcome: await read(request) } satisfies FromReader);
};

async function read({ bytes, input, limits }: ReadRequest): Promise<ReadOutcome> {
  try {
    const decoded = await decodePicture(bytes, limits);
    const { width, height, rgb } = fitInput(decoded, input.width, input.height);
    const notes = decoded.note === undefined ? [] : [decoded.note];
    return { kind: "read", result: { picture: { width, height, rgb }, notes } };
  } catch (error) {
    return { kind: "failed", error: packError(error, UNEXPECTED) };
  }
}
