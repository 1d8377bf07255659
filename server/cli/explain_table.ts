/** `deno task explain-table`: heads on a CSV file, without a server. */
import process from "node:process";
import { GradcastError } from "../../shared/errors.ts";
import { printable } from "../../shared/printable.ts";
import { MAX_TABLE_BYTES, type TableDocument, type TableInfo } from "../../shared/table_wire.ts";
import { VERSION } from "../../shared/version.ts";
import { openHeadWorker } from "../heads/mod.ts";
import { tableReport } from "../report/table_page.ts";
import {
  describeTable,
  documentOf,
  explainTableRow,
  fitTable,
  type FittedTable,
  importanceOf,
  predictionLines,
  prepare,
  readSample,
  readTable,
  sampleOf,
  SAMPLES,
  type Table,
  tooLarge,
} from "../tables/mod.ts";
import { EXIT } from "./_exit.ts";
import { failed } from "./_failure.ts";
import { interruption } from "./_interruption.ts";
import { startProgress } from "./_progress.ts";
import { reasonOf } from "./_reason.ts";
import { readTableCommand, type TableCommand, tableHelp } from "./_table_command.ts";
import { processTableIo, type TableIo } from "./_table_io.ts";
import { tableText } from "./_table_text.ts";
import { UsageError } from "./_usage_error.ts";
import { writing } from "./_writing.ts";

/** Runs the command and returns its exit code. Throws nothing. */
export async function main(args: readonly string[], io: TableIo): Promise<number> {
  try {
    return await run(args, io);
  } catch (error) {
    return failed(error, io);
  }
}

async function run(args: readonly string[], io: TableIo): Promise<number> {
  const command = readTableCommand(args);
  switch (command.kind) {
    case "help":
      io.stdout(tableHelp());
      return EXIT.done;
    case "version":
      io.stdout(`${VERSION}\n`);
      return EXIT.done;
    case "explain":
      await explain(command, io);
      return EXIT.done;
    default: {
      const never: never = command;
      throw new TypeError(`Cannot run the command: its kind ${never} is unknown`);
    }
  }
}

async function explain(command: TableCommand, io: TableIo): Promise<void> {
  const { table, source } = await openTable(command.table, io);
  const described = describeTable(table);
  const target = targetOf(command, described);
  const { heads, missing, leaveOut, keep, seed, folds } = command;
  const request = {
    target,
    heads: [...heads],
    missing,
    leaveOut: [...leaveOut],
    keep: [...keep],
    seed,
    folds,
  };
  const prepared = prepare(table, request);
  const worker = openHeadWorker();
  const progress = startProgress(io);
  try {
    const fitted = await fitTable(prepared, request, {
      worker,
      signal: io.interrupted,
      now: () => io.now(),
      onLine(line) {
        if (!("progress" in line)) return;
        const { head, step, done } = line.progress;
        const share = heads.indexOf(head) + (step === "fit" ? done * 0.2 : 0.2 + done * 0.8);
        progress.update(share / heads.length, head);
      },
    });
    const info: TableInfo = { id: "", name: table.name, source, ...described };
    const importance: TableDocument["importance"] = command.importance
      ? await Array.fromAsync(fitted.heads.keys(), async (head) => ({
        head,
        bars: await importanceOf(fitted, head, {
          worker,
          signal: io.interrupted,
          onProgress: (done) => progress.update(done, `importance of ${head}`),
        }),
      }))
      : [];
    progress.hide();
    const { row } = command;
    const explained = row === null
      ? []
      : [...fitted.heads.keys()].map((head) => ({ head, row: explainTableRow(fitted, head, row) }));
    await write(command, { document: documentOf(info, fitted, { importance, explained }), fitted }, io);
  } finally {
    progress.hide();
    worker.close();
  }
}

/** A table with its origin, where it is a sample. */
async function openTable(
  asked: TableCommand["table"],
  io: TableIo,
): Promise<{ readonly table: Table; readonly source: string | null }> {
  if (asked.kind === "sample") {
    const sample = sampleOf(asked.id);
    if (sample === null) {
      throw new UsageError(
        `Cannot take --sample: expected ${SAMPLES.map(({ id }) => id).join(", ")}, got '${asked.id}'`,
      );
    }
    const table = readTable(await readSample(sample), sample.name);
    return { table, source: `${sample.source}, ${sample.licence}` };
  }
  const { path } = asked;
  let bytes: Uint8Array;
  try {
    const size = await io.sizeOf(path);
    if (size > MAX_TABLE_BYTES) throw tooLarge(size);
    bytes = await io.readFile(path);
  } catch (cause) {
    if (cause instanceof GradcastError) throw cause;
    throw new UsageError(`Cannot read the table: ${reasonOf(cause)}, got '${path}'`, { cause });
  }
  return { table: readTable(bytes, path), source: null };
}

function targetOf(
  { target }: TableCommand,
  { suggested, columns }: Pick<TableInfo, "suggested" | "columns">,
): string {
  const chosen = target ?? suggested;
  if (chosen !== null) return chosen;
  const fit = columns.filter((column) => column.target).map(({ name }) => name);
  throw new UsageError(
    "Cannot explain the table: no column looks like the target; name it with --target" +
      (fit.length === 0 ? ", though none has 2 to 100 different values" : `: ${fit.slice(0, 10).join(", ")}`),
  );
}

async function write(
  { json, report, predictions }: TableCommand,
  { document, fitted }: { readonly document: TableDocument; readonly fitted: FittedTable },
  io: TableIo,
): Promise<void> {
  const file = async (name: string | null, text: () => string) => {
    if (name === null) return;
    await writing(name, () => io.writeFile(name, new TextEncoder().encode(text())));
    if (!json) io.stderr(`Wrote ${printable(name)}\n`);
  };
  await file(report, () => tableReport(document));
  await file(predictions, () => [...predictionLines(fitted)].join(""));
  io.stdout(json ? `${JSON.stringify(document)}\n` : tableText(document));
}

if (import.meta.main) {
  using stop = interruption();
  process.exitCode = await main(Deno.args, processTableIo(stop.signal));
}
