/** Entry of a Deno worker that is one helper thread of the kernels; it ends only with its worker. */
/// <reference lib="deno.worker" />
import { writeProgram } from "./program.ts";
import type { HelperMessage } from "./team.ts";

self.onmessage = ({ data: { needs, thread, memory } }: MessageEvent<HelperMessage>) => {
  const { binary } = writeProgram(needs, thread);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const { help } = exports;
  if (typeof help !== "function") {
    throw new TypeError("Cannot start the helper thread: the kernels export no function 'help'");
  }
  self.postMessage("ready");
  help();
};
