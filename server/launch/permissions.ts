/** What a server with given settings may touch, as Deno's flags: these paths and this address, nothing else. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "../flags.ts";
import { modelReads } from "./model_reads.ts";

/** Folder of the program itself: its code, the page and the shipped model. */
const PROGRAM = fileURLToPath(new URL("../../", import.meta.url));

/** What `--open` starts, by operating system. */
const OPENERS = ["xdg-open", "open", "explorer"];

/** Names of the machine itself: `localhost` may be listened on under any of them. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The flags of the set `start` that depend on settings.
 *
 * @param socket where the engine's process connects, or null where there is none
 * @throws RangeError when a path has a comma, which Deno's flags cannot name
 */
export function permissionFlags(
  { host, models, data, open }: Pick<Settings, "host" | "models" | "data" | "open">,
  socket: string | null = null,
): string[] {
  const folder = resolve(data);
  for (const [flag, path] of [...models.map((model) => ["model", resolve(model)]), ["data", folder]]) {
    if (path?.includes(",") !== true) continue;
    throw new RangeError(
      `Cannot start: the path of --${flag} must have no comma, got ${path}; rename the folder`,
    );
  }
  const sockets = socket === null ? [] : [dirname(socket)];
  return [
    `--allow-read=${[PROGRAM, ...models.flatMap(modelReads), folder, ...sockets].join(",")}`,
    `--allow-write=${[folder, ...sockets].join(",")}`,
    `--allow-net=${[...hostsOf(host), ...(socket === null ? [] : [`unix:${socket}`])].join(",")}`,
    ...(open ? [`--allow-run=${OPENERS.join(",")}`] : []),
  ];
}

/** Deno writes IPv6 addresses in brackets. */
function hostsOf(host: string): readonly string[] {
  if (LOOPBACK.includes(host) || host === "::1") return LOOPBACK;
  return [host.includes(":") && !host.startsWith("[") ? `[${host}]` : host];
}
