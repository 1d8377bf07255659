/** Checks the sidecar in a file, in a process of its own, and says what it took: `{"fault", "bytes", "ms"}` as JSON. */
import { sidecarFault } from "../_sidecar.ts";

/** How often the memory is looked at, in ms. */
const LOOK_MS = 10;

const [path = ""] = Deno.args;
const before = Deno.memoryUsage().rss;
let most = before;
const looking = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss), LOOK_MS);
const beganMs = performance.now();
const fault = await sidecarFault(() => {
  const file = Deno.openSync(path);
  return file.readable;
});
const ms = performance.now() - beganMs;
clearInterval(looking);
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ fault, bytes: most - before, ms })));
