/** Picture files, explained by each model that was named, one model after the other. */
import { basename, dirname, extname, join } from "node:path";
import { printable } from "../../shared/printable.ts";
import { findModels, uniqueId, withId } from "../pool/mod.ts";
import type { ExplainCommand, OutputFiles } from "./_command.ts";
import { DocumentPrinter } from "./_documents.ts";
import { explainFiles } from "./_explain_files.ts";
import type { Io } from "./_io.ts";
import { withEngine } from "./_model.ts";

/**
 * Explains the pictures of a command by each of its models. Of several models, files are named by them, and documents are
 * those of the first, then of the next.
 *
 * @returns pictures that could not be explained
 * @throws UsageError or GradcastError; the signal's reason where the person asked for an end
 */
export async function explainModels(command: ExplainCommand, io: Io): Promise<number> {
  const models = await namedModels(command.models, io);
  const several = models.length > 1;
  const isArray = several || command.images.length > 1;
  const printer = new DocumentPrinter(
    command.form === "lines" ? "lines" : isArray ? "array" : "single",
    io.stdout,
  );
  const ids: string[] = [];
  let failures = 0;
  try {
    for (const model of models) {
      failures += await withEngine(io, { ...command.engine, model }, async (engine) => {
        const id = several ? uniqueId(engine.model.id, ids) : engine.model.id;
        ids.push(id);
        if (several && command.form === "text") io.stdout(`Model: ${printable(engine.model.name)} (${id})\n`);
        const files = several ? filesOf(command.files, id) : command.files;
        const own = { ...command, engine: { ...command.engine, model }, files };
        return await explainFiles(own, several ? withId(engine, id) : engine, io, printer);
      });
    }
  } finally {
    printer.end();
  }
  return failures;
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

/** The files of one model of several: `out.png` becomes `out-resnet18.png`. */
function filesOf(files: OutputFiles, id: string): OutputFiles {
  const named = (file: string) => {
    const ending = extname(file);
    return join(dirname(file), `${basename(file, ending)}-${id}${ending}`);
  };
  return Object.fromEntries(Object.entries(files).map(([kind, file]) => [kind, named(file)]));
}
