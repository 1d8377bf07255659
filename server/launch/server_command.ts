/** How the server's own process is started, by the launcher and by tests. */
import { fileURLToPath } from "node:url";
import type { Settings } from "../flags.ts";
import { permissionFlags } from "./permissions.ts";

const MAIN = new URL("../main.ts", import.meta.url);
const CONFIG = new URL("../../start.json", import.meta.url);

/** Sources that the server itself does not load where the engine runs in another process: a change starts both again. */
const ENGINE = new URL("../engine/", import.meta.url);

/** Options of {@link serverCommand}. */
export interface ServerCommandOptions {
  /** Whether the server starts again when its sources change; default false. */
  readonly watch?: boolean;
  /** Where the engine's process connects, or null where the engine runs in the server's own; default null. */
  readonly socket?: string | null;
  /** Script to run; default: the server's own. */
  readonly entry?: URL | undefined;
}

/**
 * Arguments of `deno` for a server with `settings`, which `args` say.
 *
 * @throws RangeError as `permissionFlags` does
 */
export function serverCommand(
  settings: Settings,
  args: readonly string[],
  { watch = false, socket = null, entry = MAIN }: ServerCommandOptions = {},
): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--v8-flags=--experimental-wasm-revectorize",
    `--config=${fileURLToPath(CONFIG)}`,
    "--permission-set=start",
    ...permissionFlags(settings, socket),
    ...(watch ? [`--watch=${fileURLToPath(ENGINE)}`] : []),
    fileURLToPath(entry),
    ...args,
  ];
}
