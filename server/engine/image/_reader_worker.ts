/** Entry of the worker that reads pictures. */
/// <reference lib="deno.worker" />
import { GradcastError } from "../../../shared/errors.ts";
import { decodePicture } from "./decode.ts";
import type { FromReader, ReadRequest } from "./reader.ts";
import { fitInput } from "../../../shared/resample.ts";

self.onmessage = async ({ data }: MessageEvent<ReadRequest>) => {
  say(await read(data));
};

async function read({ bytes, input, limits }: ReadRequest): Promise<FromReader> {
  try {
    const decoded = await decodePicture(bytes, limits);
    const { width, height, rgb } = fitInput(decoded, input.width, input.height);
    const notes = decoded.note === undefined ? [] : [decoded.note];
    return { kind: "read", result: { picture: { width, height, rgb }, notes } };
  } catch (error) {
    if (error instanceof GradcastError) return { kind: "failed", code: error.code, message: error.message };
    // What a decoder throws that ran out of memory, for example.
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "failed", code: "frame-corrupt", message: `Cannot decode the picture: ${reason}` };
  }
}

function say(message: FromReader): void {
  self.postMessage(message);
}
