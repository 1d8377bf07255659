/** Picture files, explained by each model that was named, one model after the other. */
import { basename, dirname, extname, join } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import { printable } from "../../shared/printable.ts";
import { findModels, uniqueId, withId } from "../pool/mod.ts";
import type { ExplainCommand, OutputFiles } from "./_command.ts";
import { DocumentPrinter } from "./_documents.ts";
import { explainFiles } from "./_explain_files.ts";
import type { Io } from "./_io.ts";
import { withEngine } from "./_model.ts";
import { reportFile } from "./_report_file.ts";
import { UsageError } from "./_usage_error.ts";

/**
 * Explains the pictures of a command by each of its models. Of several models, files of maps are named by them, documents
 * are those of the first, then of the next, and the report is one page. One of several that refuses is said, and the
 * others continue.
 *
 * @returns pictures that could not be explained, and models that refused
 * @throws UsageError or GradcastError where no model explains; the signal's reason where the person asked for an end
 */
export async function explainModels(command: ExplainCommand, io: Io): Promise<number> {
  const models = await namedModels(command.models, io);
  const several = models.length > 1;
  const isArray = several || command.images.length > 1;
  const printer = new DocumentPrinter(
    command.form === "lines" ? "lines" : isArray ? "array" : "single",
    io.stdout,
  );
  await using report = reportFile(command, several, io);
  const ids: string[] = [];
  const refusals: Error[] = [];
  let failures = 0;
  try {
    for (const model of models) {
      const explaining = withEngine(io, { ...command.engine, model }, async (engine) => {
        const id = several ? uniqueId(engine.model.id, ids) : engine.model.id;
        ids.push(id);
        if (several && command.form === "text") io.stdout(`Model: ${printable(engine.model.name)} (${id})\n`);
        const files = several ? filesOf(command.files, id) : command.files;
        const own = { ...command, engine: { ...command.engine, model }, files };
        const outputs = { printer, report, models: models.length };
        return await explainFiles(own, several ? withId(engine, id) : engine, io, outputs);
      });
      try {
        failures += await explaining;
      } catch (error) {
        if (!isRefusal(error) || io.interrupted.aborted) throw error;
        refusals.push(error);
        if (refusals.length === models.length) throw error;
        if (several) io.stderr(`${printable(error.message)}\n`);
      }
    }
    io.interrupted.throwIfAborted();
    const written = await report?.finish();
    if (written !== undefined && command.form === "text") io.stdout(`Written: ${printable(written)}\n`);
  } finally {
    printer.end();
  }
  return failures + refusals.length;
}

function isRefusal(error: unknown): error is UsageError | GradcastError {
  return error instanceof UsageError || error instanceof GradcastError;
}

/** The models that paths stand for; null: the shipped one. */
async function namedModels(paths: readonly string[], io: Io): Promise<readonly (string | null)[]> {
  const models: string[] = [];
  for (const path of paths) {
    if (await io.kindOf(path) !== "folder") models.push(path);
    else models.push(...(await findModels(path)).map((found) => found.path));
  }
  return models.length === 0 ? [null] : models;
}

/** The files of one model of several: `out.png` becomes `out-resnet18.png`; the report is that of all. */
function filesOf(files: OutputFiles, id: string): OutputFiles {
  const named = (file: string) => {
    const ending = extname(file);
    return join(dirname(file), `${basename(file, ending)}-${id}${ending}`);
  };
  return Object.fromEntries(
    Object.entries(files).map(([kind, file]) => [kind, kind === "report" ? file : named(file)]),
  );
}
