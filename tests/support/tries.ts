/** Runs files of tests in lanes, and those that failed once more, alone. */

/** What came of one file, or of several in one process. */
export interface FileRun {
  readonly passed: boolean;
  /** What the process wrote. */
  readonly output: string;
}

/** What the runs need; `Lane` is what file after file runs in. */
export interface TryPorts<Lane extends AsyncDisposable> {
  readonly startLane: () => Promise<Lane>;
  readonly runFile: (file: string, lane: Lane) => Promise<FileRun>;
  readonly write: (text: string) => void;
}

/** The files that did not simply pass. */
export interface Outcome {
  /** Failed twice. */
  readonly failed: readonly string[];
  /** Failed, then passed: a defect all the same, of the test or of what it tests. */
  readonly unsteady: readonly string[];
}

/**
 * What stands before each line of a try that another one follows: who sums the closing lines of the test runner counts
 * each test once.
 */
const FIRST_TRY = "first try | ";

/** Runs every file in one of `count` lanes, then those that failed in a lane of their own, one after the other. */
export async function runInLanes<Lane extends AsyncDisposable>(
  files: readonly string[],
  count: number,
  ports: TryPorts<Lane>,
): Promise<Outcome> {
  const waiting = [...files];
  const lanes = await Promise.allSettled(
    Array.from({ length: count }, () => runLane(waiting, ports, (output) => quote(output))),
  );
  const suspects = lanes.flatMap((lane) => {
    // A lane ends what it started before another one's fault ends the run.
    if (lane.status === "rejected") throw lane.reason;
    return lane.value;
  });
  if (suspects.length === 0) return { failed: [], unsteady: [] };
  ports.write(`once more, alone: ${suspects.join(", ")}\n`);
  const failed = await runLane([...suspects], ports, (output) => output);
  const unsteady = suspects.filter((file) => !failed.includes(file));
  for (const file of unsteady) ports.write(`UNSTEADY: ${file} failed, then passed\n`);
  return { failed, unsteady };
}

/** Runs file after file until none is left; returns those that failed, whose output is written as `show` makes it. */
async function runLane<Lane extends AsyncDisposable>(
  files: string[],
  { startLane, runFile, write }: TryPorts<Lane>,
  show: (output: string) => string,
): Promise<string[]> {
  await using lane = await startLane();
  const failed: string[] = [];
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const { passed, output } = await runFile(file, lane);
    // Written once the file has ended, so that lanes do not mix their words.
    write(passed ? output : show(output));
    if (!passed) failed.push(file);
  }
  return failed;
}

function quote(output: string): string {
  return output.trimEnd().split("\n").map((line) => `${FIRST_TRY}${line}\n`).join("");
}

/** Runs files one after the other by the test runner, with these arguments and variables. */
export async function runTests(
  files: readonly string[],
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<FileRun> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["test", ...args, ...files],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { passed: success, output: text.decode(stderr) + text.decode(stdout) };
}
