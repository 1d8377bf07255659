/** Where the person stands who typed the command, and what they read. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { printableLines } from "../../shared/printable.ts";

/** `deno task` moves to the project's folder and leaves in INIT_CWD where the person was, who meant that. */
export function callersFolder(): string {
  const here = Deno.cwd();
  const project = fileURLToPath(new URL("../..", import.meta.url));
  return resolve(here) === resolve(project) ? environment("INIT_CWD") ?? here : here;
}

export function environment(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/** Writes all of a text, without what a terminal obeys; a reader that has gone (`| head`) has seen enough. */
export function write(to: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(printableLines(text));
  try {
    for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
