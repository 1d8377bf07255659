/** How the engine's process is started: it reads its own code and the models, and reaches nothing but the server. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "../flags.ts";
import { uploadFolder } from "../pool/paths.ts";
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
export function engineCommand(
  { models, data }: Pick<Settings, "models" | "data">,
  socket: string,
  entry = ENTRY,
): string[] {
  const script = fileURLToPath(entry);
  const read = [...CODE, dirname(script), ...models.flatMap(modelReads), uploadFolder(data), dirname(socket)];
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--v8-flags=--experimental-wasm-revectorize",
    `--config=${fileURLToPath(CONFIG)}`,
    "--permission-set=engine",
    `--allow-read=${read.join(",")}`,
    // Deno asks for these to connect; the process gives them up before it computes.
    `--allow-write=${dirname(socket)}`,
    `--allow-net=unix:${socket}`,
    script,
    socket,
  ];
}
