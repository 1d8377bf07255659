/** Whether a sidecar is what it should be, found out beside the event loop: a long one takes a while to read. */

/** What is wrong with a sidecar, in words, or null. */
export async function sidecarFault(text: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const worker = new Worker(new URL("./_sidecar_worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-sidecar",
  });
  try {
    return await new Promise<string | null>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Cannot read the sidecar as its worker died: current value is ${event.message}`));
      };
      worker.postMessage(text, [text.buffer]);
    });
  } finally {
    worker.terminate();
  }
}
