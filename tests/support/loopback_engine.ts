/** The engine's process for a server within a test: it connects to a port of the loopback, the first argument. */
import { hostEngine } from "../../server/engine/process/mod.ts";

await hostEngine(await Deno.connect({ hostname: "127.0.0.1", port: Number(Deno.args[0]) }));
