/** Entry of the worker that reads one sidecar: answers with what is wrong with it, or null. */
/// <reference lib="deno.worker" />
import { readSidecar } from "../../shared/sidecar.ts";

self.onmessage = ({ data }: MessageEvent<Uint8Array>) => self.postMessage(faultOf(data));

function faultOf(bytes: Uint8Array): string | null {
  try {
    readSidecar(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
