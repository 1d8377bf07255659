/** Processes of this machine, as its `ps` lists them. */

/** One process. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** Memory that it holds, in bytes. */
  readonly rssBytes: number;
  /** Time that it computed since its start, in whole seconds. */
  readonly cpuSeconds: number;
  /** The program and its arguments. */
  readonly args: string;
}

const LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/;

const KILOBYTE = 1_024;

/** A process and all that descend from it; empty where it has ended. */
export async function processTree(root: number): Promise<readonly ListedProcess[]> {
  const all = await listProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  // Grows while it is walked: a child is appended behind its parent.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Sends a signal to a process that need not be a child of this one. */
export async function killProcess(pid: number, signal: "KILL" | "TERM" | "INT" | "STOP"): Promise<void> {
  await new Deno.Command("sh", { args: ["-c", `kill -${signal} ${pid}`], stderr: "null" }).output();
}

async function listProcesses(): Promise<readonly ListedProcess[]> {
  const columns = "pid=,ppid=,rss=,cputimes=,args=";
  const { stdout } = await new Deno.Command("ps", { args: ["-ww", "-eo", columns] }).output();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const [, pid, parent, rss, cpuSeconds, args] = LINE.exec(line) ?? [];
    if (args === undefined) return [];
    return [{
      pid: Number(pid),
      parent: Number(parent),
      rssBytes: Number(rss) * KILOBYTE,
      cpuSeconds: Number(cpuSeconds),
      args,
    }];
  });
}
