/** Entry of the worker that reads pictures. */
/// <reference lib="deno.worker" />
import { GradcastError } from "../../../shared/errors.ts";
import { decodePicture } from "./decode.ts";
import type { FromReader, ReadOutcome, ReadRequest, ToReader } from "./reader.ts";
import { fitInput } from "../../../shared/resample.ts";

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
    if (error instanceof GradcastError) return { kind: "failed", code: error.code, message: error.message };
    // What a decoder throws that ran out of memory, for example.
    return {
      kind: "failed",
      code: "frame-corrupt",
      message: "Cannot decode the picture: its decoder failed",
      cause: error instanceof Error ? error.stack ?? error.message : String(error),
    };
  }
}
