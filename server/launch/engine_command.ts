/** How the engine's process is started: it reads its own code and the model, and reaches nothing but the server. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "../flags.ts";
import { modelReads } from "./model_reads.ts";

const ENTRY = new URL("../engine/process/main.ts", import.meta.url);
const CONFIG = new URL("../../start.json", import.meta.url);

/** Folders that the engine's code lies in. */
const CODE = ["../", "../../shared/", "../../node_modules/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url))
);

/**
 * Arguments of `deno` for an engine that connects to the server at `socket`.
 *
 * @param entry script to run, by default the engine's own
 */
export function engineCommand({ model }: Pick<Settings, "model">, socket: string, entry = ENTRY): string[] {
  const script = fileURLToPath(entry);
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--v8-flags=--experimental-wasm-revectorize",
    `--config=${fileURLToPath(CONFIG)}`,
    "--permission-set=engine",
    `--allow-read=${[...CODE, dirname(script), ...modelReads(model), dirname(socket)].join(",")}`,
    // Deno asks for these to connect; the process gives them up before it computes.
    `--allow-write=${dirname(socket)}`,
    `--allow-net=unix:${socket}`,
    script,
    socket,
  ];
}
