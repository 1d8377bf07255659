/**
 * The outermost process that stands for this one, such as `npx`: npm does not pass a signal on to what it runs
 * (npm/cli issue 4603), so whoever ends it would leave the server behind.
 */

/** A process as the system lists it. */
export interface Listed {
  readonly parent: number;
  /** The program's name and its arguments. */
  readonly words: readonly string[];
}

/** Levels that are looked at: npx → sh → node → deno task → launcher are five. */
const MAX_LEVELS = 8;

const RUNNERS = /^(deno|node|nodejs|npm|npx|pnpm|yarn|bun|bunx)\b/;
const SHELLS = /^(sh|dash|bash|ash|zsh|cmd)\b/;

/**
 * Finds the outermost ancestor that was started for this task alone: runners of `deno … task …` and the shells between
 * them. A shell that the chain ends in belongs to a person or a script.
 *
 * @param parent the direct parent
 * @param list reads one process, null where it cannot be read
 */
export async function outermostRunner(
  parent: number,
  list: (pid: number) => Promise<Listed | null>,
): Promise<number | null> {
  let found: number | null = null;
  let pid = parent;
  for (let level = 0; level < MAX_LEVELS && pid > 1; level++) {
    const process = await list(pid);
    if (process === null) break;
    const [program = "", ...rest] = process.words;
    const name = program.slice(program.lastIndexOf("/") + 1);
    const line = [name, ...rest].join(" ");
    if (!/\bdeno\b/.test(line) || !/\btask\b/.test(line)) break;
    if (RUNNERS.test(name)) found = pid;
    else if (!SHELLS.test(name)) break;
    pid = process.parent;
  }
  return found;
}

/** Reads `/proc/PID/stat` and `/proc/PID/cmdline`, one after the other as `cat` prints them; null: not understood. */
export function parseProc(text: string): Listed | null {
  // The name in brackets may hold brackets and spaces itself.
  const named = text.lastIndexOf(")", text.indexOf("\n"));
  const end = text.indexOf("\n");
  if (named < 0 || end < 0) return null;
  const parent = Number(text.slice(named + 2, end).split(" ")[1]);
  const words = text.slice(end + 1).split(/[\0 ]/).filter((word) => word !== "");
  return Number.isInteger(parent) ? { parent, words } : null;
}
