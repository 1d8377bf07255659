/** The model that a command works with. */
import { fileURLToPath } from "node:url";
import { GradcastError } from "../../shared/errors.ts";
import { printable } from "../../shared/printable.ts";
import type { Description } from "../engine/mod.ts";
import type { Engine } from "../engine/port.ts";
import type { EngineRequest } from "./_command.ts";
import type { Io } from "./_io.ts";
import { UsageError } from "./_usage_error.ts";

/** The shipped model, wherever the command is started. */
const SHIPPED_MODEL = fileURLToPath(new URL("../../models/efficientnet-lite0", import.meta.url));

/** File or folder of the model that is asked for. */
export function modelFolder({ model }: EngineRequest): string {
  return model ?? SHIPPED_MODEL;
}

/**
 * Opens an engine, uses it and closes it again.
 *
 * @throws UsageError where a model that was named cannot be loaded
 */
export async function withEngine<T>(
  io: Io,
  request: EngineRequest,
  use: (engine: Engine) => T | Promise<T>,
): Promise<T> {
  const engine = await open(io, request);
  try {
    if (engine.threadsNote !== null) io.stderr(`${printable(engine.threadsNote)}\n`);
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/**
 * Describes the model that is asked for, without an engine.
 *
 * @throws UsageError where a model that was named cannot be read
 */
export async function described(io: Io, request: EngineRequest): Promise<Description> {
  const { model } = request;
  if (model === null) return await io.describeModel(modelFolder(request));
  await checkThere(io, model);
  try {
    return await io.describeModel(model);
  } catch (cause) {
    throw new UsageError(`${model}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function checkThere(io: Io, model: string): Promise<void> {
  if (await io.kindOf(model) !== null) return;
  throw new UsageError(`Cannot load the model: there is no file or folder '${model}'`);
}

/** A shipped model that cannot be loaded is a fault; one that was named is what was asked for. */
async function open(io: Io, request: EngineRequest): Promise<Engine> {
  const { model, threads } = request;
  const options = { modelDir: modelFolder(request), ...(threads === undefined ? {} : { threads }) };
  if (model === null) return await io.openEngine(options);
  await checkThere(io, model);
  try {
    return await io.openEngine(options);
  } catch (cause) {
    if (!(cause instanceof GradcastError)) throw cause;
    throw new UsageError(`${model}: ${cause.message}`, { cause });
  }
}
