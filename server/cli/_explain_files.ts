/** Picture files, explained one after the other, and what is written of them. */
import { PictureReader } from "../engine/mod.ts";
import type { Engine } from "../engine/port.ts";
import { documentOf, explainPicture, type Plan, planOf } from "../explain/mod.ts";
import {
  drawOverlay,
  encodePng,
  type Explained,
  readModelFacts,
  reportOf,
  scalesOf,
  writeNpy,
} from "../report/mod.ts";
import type { ExplainCommand } from "./_command.ts";
import type { Io } from "./_io.ts";
import { modelFolder } from "./_model.ts";
import { checkOutputs, mapNames, namesFor, writeOutput } from "./_outputs.ts";
import { readPicture } from "./_picture.ts";
import { startProgress } from "./_progress.ts";
import { summaryOf } from "./_summary.ts";

/**
 * Explains the pictures of a command.
 *
 * @throws UsageError or GradcastError; the signal's reason where the person asked for an end
 */
export async function explainFiles(command: ExplainCommand, engine: Engine, io: Io): Promise<void> {
  const { images, json } = command;
  const plan = planOf(engine.model, command.ask);
  await checkOutputs(io, command, plan);
  for (const { method, reason } of plan.leftOut) io.stderr(`Left out: ${method}. ${reason}.\n`);
  for (const note of plan.notes) io.stderr(`Note: ${note}.\n`);
  using reader = new PictureReader();
  const progress = startProgress(io);
  const all: Explained[] = [];
  try {
    for (const [index, image] of images.entries()) {
      const name = images.length === 1 ? image : `${index + 1}/${images.length} ${image}`;
      const onProgress = (share: number) => progress.update((index + share) / images.length, name);
      const explained = await explainFile(image, { io, reader, engine, plan, frame: index + 1, onProgress });
      all.push(explained);
      for (const note of explained.explanation.notes.slice(plan.notes.length)) {
        progress.hide();
        io.stderr(`Note: ${image}: ${note}.\n`);
      }
      if (json) continue;
      progress.hide();
      io.stdout(`${summaryOf(explained.explanation, io.terminal.colour)}\n`);
    }
  } finally {
    progress.hide();
  }
  io.interrupted.throwIfAborted();
  const written = await writeFiles(command, plan, all, io);
  if (!json) {
    if (written.length > 0) io.stdout(`Written: ${written.join(", ")}\n`);
    return;
  }
  const documents = all.map(({ explanation }) => documentOf(explanation));
  io.stdout(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
}

interface FileParts {
  readonly io: Io;
  readonly reader: PictureReader;
  readonly engine: Engine;
  readonly plan: Plan;
  /** Unique among the pictures of a run. */
  readonly frame: number;
  readonly onProgress: (share: number) => void;
}

async function explainFile(
  image: string,
  { io, reader, engine, plan, frame, onProgress }: FileParts,
): Promise<Explained> {
  io.interrupted.throwIfAborted();
  const { picture, notes } = await readPicture({ io, reader }, image, engine.model);
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
      onProgress,
    });
    return { explanation, picture };
  } finally {
    engine.release(frame);
  }
}

async function writeFiles(
  { images, files, engine }: ExplainCommand,
  plan: Plan,
  all: readonly Explained[],
  io: Io,
): Promise<string[]> {
  const written: string[] = [];
  const write = async (file: string, bytes: Uint8Array) => {
    await writeOutput(io, file, bytes);
    written.push(file);
  };
  const names = mapNames(images, plan);
  const mapFiles = files.map === undefined ? [] : namesFor(files.map, names);
  const pngFiles = files.png === undefined ? [] : namesFor(files.png, names);
  const maps = all.flatMap(({ explanation, picture }) =>
    explanation.maps.map((explained) => ({ explained, picture }))
  );
  const scales = scalesOf(maps.map(({ explained }) => explained));
  for (const [index, { explained, picture }] of maps.entries()) {
    const { map: { height, width, values }, method } = explained;
    const [mapFile, pngFile, scale] = [mapFiles[index], pngFiles[index], scales.get(method.id)];
    if (mapFile !== undefined) await write(mapFile, writeNpy({ shape: [height, width], values }));
    if (pngFile !== undefined && scale !== undefined) {
      await write(pngFile, encodePng(drawOverlay(picture, explained, scale)));
    }
  }
  if (files.report !== undefined) {
    const facts = await readModelFacts(modelFolder(engine), io.readFile);
    await write(files.report, new TextEncoder().encode(reportOf(all, facts)));
  }
  return written;
}
