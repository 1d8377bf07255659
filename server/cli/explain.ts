/** `deno task explain`: the methods on picture files, without a server (contract C2). */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { GradcastError } from "../../shared/errors.ts";
import type { Engine } from "../engine/port.ts";
import { resolveRequest } from "../methods/mod.ts";
import { type EngineRequest, type ExplainCommand, readCommand } from "./_command.ts";
import { documentOf } from "./_document.ts";
import { type Explained, explainImage } from "./_explained.ts";
import { helpText } from "./_help.ts";
import { type Io, processIo } from "./_io.ts";
import { listLayers, listMethods } from "./_lists.ts";
import { checkOutputs, namesFor, writeOutput } from "./_outputs.ts";
import { drawOverlay } from "./_overlay.ts";
import { encodePng } from "./_png.ts";
import { startProgress } from "./_progress.ts";
import { reportOf } from "./_report.ts";
import { summaryOf } from "./_summary.ts";
import { UsageError } from "./_usage_error.ts";
import { writeNpy } from "./npy.ts";

/** The shipped model, wherever the command is started. */
const SHIPPED_MODEL = fileURLToPath(new URL("../../models/efficientnet-lite0", import.meta.url));

/** What the command leaves to the shell. */
export const EXIT = { done: 0, fault: 1, usage: 2 } as const;

/** Errors that the engine's side answers for; every other one names something that was asked for. */
const FAULTS: readonly string[] = ["engine-failed", "server-fault"];

/** Runs the command and returns its exit code; throws nothing. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    await run(args, io);
    return EXIT.done;
  } catch (error) {
    io.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
    const asked = error instanceof UsageError ||
      (error instanceof GradcastError && !FAULTS.includes(error.code));
    return asked ? EXIT.usage : EXIT.fault;
  }
}

async function run(args: readonly string[], io: Io): Promise<void> {
  const command = readCommand(args);
  switch (command.kind) {
    case "help":
      return io.stdout(helpText());
    case "methods":
      return io.stdout(listMethods(command.json));
    case "layers":
      return await withEngine(
        io,
        command.engine,
        (engine) => io.stdout(listLayers(engine.model, command.json)),
      );
    case "explain":
      await checkOutputs(io, command);
      return await withEngine(io, command.engine, (engine) => explainAll(command, engine, io));
    default: {
      const never: never = command;
      throw new TypeError(`Cannot run the command as it is of no known kind: current value is ${never}`);
    }
  }
}

async function withEngine(
  io: Io,
  request: EngineRequest,
  use: (engine: Engine) => void | Promise<void>,
): Promise<void> {
  const engine = await open(io, request);
  try {
    if (engine.threadsNote !== null) io.stderr(`${engine.threadsNote}\n`);
    await use(engine);
  } finally {
    await engine.close();
  }
}

/** A shipped model that cannot be loaded is a fault; one that was named is what was asked for. */
async function open(io: Io, { model, threads }: EngineRequest): Promise<Engine> {
  const options = threads === undefined ? {} : { threads };
  if (model === null) return await io.openEngine({ modelDir: SHIPPED_MODEL, ...options });
  if (await io.kindOf(model) !== "folder") {
    throw new UsageError(`Cannot load the model as there is no such folder: current value is '${model}'`);
  }
  try {
    return await io.openEngine({ modelDir: model, ...options });
  } catch (cause) {
    if (!(cause instanceof GradcastError)) throw cause;
    throw new UsageError(`${model}: ${cause.message}`, { cause });
  }
}

async function explainAll(command: ExplainCommand, engine: Engine, io: Io): Promise<void> {
  const { images, method, target, layer, options, json } = command;
  const request = resolveRequest(engine.model, {
    method: method.id,
    target,
    options,
    ...(layer === null ? {} : { layer }),
  });
  const explanations: Explained[] = [];
  for (const [index, image] of images.entries()) {
    const progress = startProgress(io, image);
    try {
      const explained = await explainImage(image, {
        io,
        engine,
        request,
        frame: index + 1,
        onProgress: progress.update,
      });
      explanations.push(explained);
    } finally {
      progress.stop();
    }
    const explained = explanations.at(-1);
    if (!json && explained !== undefined) io.stdout(`${summaryOf(explained, io.terminal.colour)}\n`);
  }
  const written = await writeFiles(command, explanations, io);
  if (!json) {
    if (written.length > 0) io.stdout(`Written: ${written.join(", ")}\n`);
    return;
  }
  const documents = explanations.map(documentOf);
  io.stdout(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
}

async function writeFiles(
  { images, files }: ExplainCommand,
  explanations: readonly Explained[],
  io: Io,
): Promise<string[]> {
  const written: string[] = [];
  const write = async (file: string, bytes: Uint8Array) => {
    await writeOutput(io, file, bytes);
    written.push(file);
  };
  for (const [index, explained] of explanations.entries()) {
    const { map } = explained;
    const mapFile = files.map === undefined ? undefined : namesFor(files.map, images)[index];
    const pngFile = files.png === undefined ? undefined : namesFor(files.png, images)[index];
    if (mapFile !== undefined) {
      await write(mapFile, writeNpy({ shape: [map.height, map.width], values: map.values }));
    }
    if (pngFile !== undefined) await write(pngFile, encodePng(drawOverlay(explained)));
  }
  if (files.report !== undefined) await write(files.report, new TextEncoder().encode(reportOf(explanations)));
  return written;
}

if (import.meta.main) process.exitCode = await main(Deno.args, processIo());
