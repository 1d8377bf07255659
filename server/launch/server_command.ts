/** How the server's own process is started, by the launcher and by tests. */
import { fileURLToPath } from "node:url";
import type { Settings } from "../flags.ts";
import { permissionFlags } from "./permissions.ts";

const MAIN = new URL("../main.ts", import.meta.url);
const CONFIG = new URL("../../start.json", import.meta.url);

/**
 * Arguments of `deno` for a server with `settings`, which `args` say; with `watch` it starts again when its sources change.
 *
 * @throws RangeError as `permissionFlags` does
 */
export function serverCommand(settings: Settings, args: readonly string[], watch = false): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--v8-flags=--experimental-wasm-revectorize",
    `--config=${fileURLToPath(CONFIG)}`,
    "--permission-set=start",
    ...permissionFlags(settings),
    ...(watch ? ["--watch"] : []),
    fileURLToPath(MAIN),
    ...args,
  ];
}
