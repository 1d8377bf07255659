/** Which files of tests run when: side by side, or alone because they measure. */

/** What runs before the next phase begins. */
export interface Phase {
  /** Files of one process of the test runner, in the order in which they begin. */
  readonly groups: readonly (readonly string[])[];
  /** How many groups run at a time. */
  readonly lanes: number;
}

/** Where tests lie; the end-to-end ones have lanes of their own (`tests/e2e/main.ts`). */
const FOLDERS = ["server", "shared", "client", "bench", "tests"];
const ELSEWHERE = /^tests\/e2e\//u;

/** What measures shares of the machine: nothing else runs beside it. */
const ALONE = /^tests\/integration\/shares_test\.ts$/u;

/** What waits for times of less than a second, and computes next to nothing: only others like it run beside it. */
const WAITING = /^server\/listen\//u;

/** Files of a group of short ones: a process for each would take longer to start than to run. */
const GROUP_FILES = 40;

/**
 * Groups at a time on two cores: tests that start servers or wait for an engine that hangs leave a third of their time to
 * others.
 */
const LANES = 3;

/**
 * What takes ten seconds and more: a long file that begins last keeps the other core idle. The first one waits for engines
 * that hang and computes for a third of its time; the others begin with what computes longest.
 */
const LONG = [
  "tests/integration/hang_test.ts",
  "tests/integration/goldens_test.ts",
  "tests/integration/clear_places_test.ts",
  "tests/integration/log_kept_test.ts",
  "tests/integration/commands_test.ts",
  "server/engine/engine_test.ts",
  "tests/integration/models_test.ts",
  "tests/integration/inside_test.ts",
  "tests/integration/processes_test.ts",
  "tests/fuzz/fuzz_test.ts",
  "tests/integration/log_disk_test.ts",
  "tests/integration/data_folder_test.ts",
  "tests/integration/uploads_test.ts",
  "tests/integration/vgg_test.ts",
  "server/cli/explain_test.ts",
  "tests/integration/taught_export_test.ts",
  "tests/integration/taught_test.ts",
  "tests/integration/api_test.ts",
  "tests/integration/full_disk_test.ts",
];

/** Every file of tests but the end-to-end ones, with its path from the repository's root. */
export async function testFiles(): Promise<string[]> {
  const all = await Promise.all(FOLDERS.map(filesBelow));
  return all.flat().filter((file) => /_test\.tsx?$/u.test(file) && !ELSEWHERE.test(file)).toSorted();
}

/** Shares the files out: each is in one group of one phase. */
export function phasesOf(files: readonly string[]): readonly Phase[] {
  const each = (some: readonly string[]) => some.map((file) => [file]);
  const long = LONG.filter((file) => files.includes(file));
  const waiting = files.filter((file) => WAITING.test(file));
  const alone = files.filter((file) => ALONE.test(file));
  const short = files.filter((file) => ![...long, ...waiting, ...alone].includes(file));
  // Those of tests/ start servers and take the longest, and lie last by their names.
  return [
    { groups: [...each(long), ...groupsOf(short).toReversed()], lanes: LANES },
    { groups: each(waiting), lanes: Math.max(1, waiting.length) },
    { groups: each(alone), lanes: 1 },
  ];
}

function groupsOf(files: readonly string[]): string[][] {
  const count = Math.ceil(files.length / GROUP_FILES);
  return Array.from({ length: count }, (_, at) => files.slice(at * GROUP_FILES, (at + 1) * GROUP_FILES));
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesBelow(path));
    else found.push(path);
  }
  return found;
}
