/** Picture files, explained one after the other; what is known of one is written and printed before the next. */
import { type ErrorCode, GradcastError } from "../../shared/errors.ts";
import { printable } from "../../shared/printable.ts";
import { PictureReader } from "../engine/mod.ts";
import type { Engine } from "../engine/port.ts";
import { documentOf, explainPicture, type FailureDocument, type Plan, planOf } from "../explain/mod.ts";
import { drawOverlay, encodePng, type Explained, scalesOf, writeNpy } from "../report/mod.ts";
import type { ExplainCommand } from "./_command.ts";
import { DocumentPrinter } from "./_documents.ts";
import type { Io } from "./_io.ts";
import { checkOutputs, type OutputNames, outputNames } from "./_outputs.ts";
import { writing } from "./_writing.ts";
import { readPicture } from "./_picture.ts";
import { type Progress, startProgress } from "./_progress.ts";
import type { ReportFile, ReportPart } from "./_report_file.ts";
import { summaryOf } from "./_summary.ts";
import { UsageError } from "./_usage_error.ts";

/** Pictures in a row on which the engine may fail before the run ends. */
const MAX_ENGINE_FAILURES = 3;

/**
 * Explains the pictures of a command. Of several, or with a line for each, one that cannot be explained has an entry of
 * its own and the others continue.
 *
 * @returns pictures that could not be explained
 * @throws UsageError or GradcastError; the signal's reason where the person asked for an end
 */
export async function explainFiles(
  command: ExplainCommand,
  engine: Engine,
  io: Io,
  { printer, report: file, models }: RunOutputs,
): Promise<number> {
  const { images, form } = command;
  const plan = planOf(engine.model, command.ask);
  const names = outputNames(command, plan);
  await checkOutputs(io, command, names);
  for (const { method, reason } of plan.leftOut) io.stderr(`Left out: ${method}. ${printable(reason)}.\n`);
  const { name, notes = [] } = engine.model;
  for (const note of notes) io.stderr(`Note: ${printable(`${name}: ${note}`)}\n`);
  for (const note of plan.notes) io.stderr(`Note: ${printable(note)}.\n`);
  using reader = new PictureReader();
  const report = await file?.begin(engine.model, plan) ?? null;
  const several = images.length > 1;
  const run: Run = {
    models,
    command,
    plan,
    names,
    engine,
    io,
    reader,
    printer,
    report,
    progress: startProgress(io),
  };
  let failures = 0;
  let inARow = 0;
  try {
    for (const index of images.keys()) {
      const fault = await explainOne(run, index);
      inARow = fault?.code === "engine-failed" ? inARow + 1 : 0;
      if (fault === null) continue;
      failures++;
      // What breaks on every picture is not the pictures' fault.
      if (!several && form !== "lines" || inARow === MAX_ENGINE_FAILURES) throw fault.error;
      await tellFailure(run, index, fault);
    }
  } finally {
    run.progress.hide();
  }
  io.interrupted.throwIfAborted();
  if (failures > 0) io.stderr(`${failures} of ${images.length} images could not be explained.\n`);
  return failures;
}

/** What all models of a run write to. */
export interface RunOutputs {
  readonly printer: DocumentPrinter;
  readonly report: ReportFile | null;
  /** How many models explain: of several, each failure names its own. */
  readonly models: number;
}

interface Run {
  readonly models: number;
  readonly command: ExplainCommand;
  readonly plan: Plan;
  readonly names: OutputNames;
  readonly engine: Engine;
  readonly io: Io;
  readonly reader: PictureReader;
  readonly printer: DocumentPrinter;
  readonly report: ReportPart | null;
  readonly progress: Progress;
}

/** Why a picture could not be explained. */
interface Fault {
  readonly error: UsageError | GradcastError;
  /** Null where the file could not be read at all. */
  readonly code: ErrorCode | null;
}

/** Explains one picture and writes what is known of it; what speaks against the picture itself is returned. */
async function explainOne(run: Run, index: number): Promise<Fault | null> {
  const { command: { form }, plan, io, printer, report, progress } = run;
  let explained: Explained;
  try {
    explained = await explainFile(run, index);
  } catch (error) {
    return faultOf(error, io);
  }
  const { explanation } = explained;
  const written = await writeMaps(run, index, explained);
  await report?.add(index, explained);
  progress.hide();
  for (const note of explanation.notes.slice(plan.notes.length)) {
    io.stderr(`Note: ${printable(`${explanation.image}: ${note}`)}.\n`);
  }
  if (form !== "text") {
    printer.add(documentOf(explanation));
    return null;
  }
  io.stdout(`${summaryOf(explanation, io.terminal.colour)}\n`);
  if (written.length > 0) io.stdout(`Written: ${printable(written.join(", "))}\n`);
  return null;
}

async function explainFile(run: Run, index: number): Promise<Explained> {
  const { command: { images }, io, reader, engine, plan, progress } = run;
  const image = images[index] ?? "";
  const name = images.length === 1 ? image : `${index + 1}/${images.length} ${image}`;
  io.interrupted.throwIfAborted();
  const { picture, notes } = await readPicture({ io, reader }, image, engine.model);
  const frame = index + 1;
  await engine.admit(frame, "png", encodePng(picture));
  try {
    const explanation = await explainPicture({
      engine,
      plan,
      image,
      notes,
      frame,
      signal: io.interrupted,
      now: io.now,
      onProgress: (share) => progress.update((index + share) / images.length, name),
    });
    return { explanation, picture };
  } finally {
    engine.release(frame);
  }
}

function faultOf(error: unknown, { interrupted }: Io): Fault {
  if (!interrupted.aborted) {
    if (error instanceof UsageError) {
      return { error, code: error.cause instanceof GradcastError ? error.cause.code : null };
    }
    if (error instanceof GradcastError) return { error, code: error.code };
  }
  throw error;
}

async function tellFailure(
  { command: { images, form }, models, engine, io, printer, report, progress }: Run,
  index: number,
  fault: Fault,
) {
  const image = images[index] ?? "";
  const { error: { message }, code } = fault;
  progress.hide();
  io.stderr(`${printable(message.includes(image) ? message : `${image}: ${message}`)}\n`);
  const failure: FailureDocument = {
    ...(models > 1 ? { model: engine.model.id } : {}),
    image,
    error: { code, message },
  };
  if (form !== "text") printer.add(failure);
  await report?.addFailure(index, image, message);
}

/** Writes the maps of a picture, each method's on one scale; gives the files' names. */
async function writeMaps(
  { names, io }: Run,
  index: number,
  { explanation: { maps }, picture }: Explained,
): Promise<string[]> {
  if (names.map.length + names.png.length === 0) return [];
  const first = index * maps.length;
  const scales = scalesOf(maps);
  const written: string[] = [];
  const write = async (file: string, bytes: Uint8Array) => {
    await writing(file, () => io.writeFile(file, bytes));
    written.push(file);
  };
  for (const [place, explained] of maps.entries()) {
    const { map: { height, width, values }, method } = explained;
    const [mapFile, pngFile, scale] = [
      names.map[first + place],
      names.png[first + place],
      scales.get(method.id),
    ];
    if (mapFile !== undefined) await write(mapFile, writeNpy({ shape: [height, width], values }));
    if (pngFile !== undefined && scale !== undefined) {
      await write(pngFile, encodePng(drawOverlay(picture, explained, scale)));
    }
  }
  return written;
}
