/** Finds the model that a path means: a file, or a folder with one model in it. */
import { basename, dirname } from "node:path";
import { ModelFiles } from "../files.ts";
import { MODEL_FILE } from "../json.ts";
import { ADVICE, refusal, type Refused } from "./advice.ts";
import { type FormatId, lookAtFile, type Verdict } from "./look.ts";

/** A model that can be read. */
export interface Recognised {
  readonly format: FormatId;
  /** Folder that its files lie in. */
  readonly folder: string;
  /** Name of its file in there. */
  readonly file: string;
  /** Whether the path named the file itself. */
  readonly named: boolean;
}

/** Files of a folder that are looked at; a model's folder has some, a downloads folder has thousands. */
const MAX_LOOKED_AT = 1000;

/** Names that models of other programs have, whatever is in them. */
const FOLDERS: readonly (readonly [string, Refused])[] = [
  ["saved_model.pb", ADVICE["saved-model"]],
  ["model.weights.h5", ADVICE["keras-folder"]],
];

/**
 * Reports what kind of model lies at a path; null where there is none that can be read.
 *
 * Reads a few kilobytes of each file. A folder counts as a model where it holds exactly one.
 */
export async function sniff(path: string): Promise<{ readonly format: FormatId } | null> {
  try {
    return await recognise(path);
  } catch {
    return null;
  }
}

/**
 * Finds the model at a path.
 *
 * @throws Error where there is none that can be read: what is there, and what makes a readable file of it
 */
export async function recognise(path: string): Promise<Recognised> {
  const stat = await statOf(path);
  return stat.isFile ? await recogniseFile(path) : await recogniseFolder(path);
}

async function recogniseFile(path: string): Promise<Recognised> {
  // A link to the file is its owner's choice, as one to a folder is.
  const real = await Deno.realPath(path);
  const [folder, file] = [dirname(real), basename(real)];
  const verdict = await look(new ModelFiles(folder), file);
  switch (verdict.kind) {
    case "readable":
      return { format: verdict.format, folder, file, named: true };
    case "refused":
      throw refusal(file, verdict.refused);
    case "unknown":
      throw unknown(file);
    default:
      throw new Error(`Cannot load the model: the verdict ${verdict satisfies never} is unknown`);
  }
}

async function recogniseFolder(folder: string): Promise<Recognised> {
  const files = new ModelFiles(folder);
  const names = await namesIn(folder);
  if (names.includes(MODEL_FILE)) {
    const verdict = await look(files, MODEL_FILE);
    if (verdict.kind === "refused") throw refusal(MODEL_FILE, verdict.refused);
    return { format: "tfjs-layers", folder, file: MODEL_FILE, named: false };
  }
  for (const [name, refused] of FOLDERS) if (names.includes(name)) throw refusal(folder, refused);
  const found: Recognised[] = [];
  let first: Error | null = null;
  for (const file of names) {
    const verdict = await lookOrNull(files, file);
    if (verdict?.kind === "readable") found.push({ format: verdict.format, folder, file, named: false });
    else if (verdict?.kind === "refused") first ??= refusal(file, verdict.refused);
  }
  const [only, ...others] = found;
  if (only === undefined) throw first ?? noModel(folder);
  if (others.length === 0) return only;
  throw new Error(
    `Cannot load the model: ${folder} holds ${found.length} models; name one of them: ` +
      found.slice(0, 5).map(({ file }) => file).join(", "),
  );
}

async function look(files: ModelFiles, name: string): Promise<Verdict> {
  using file = await files.openRequired(name);
  return await lookAtFile(file);
}

/** Of the files of a folder, links that lead out and damaged ones are no models. */
async function lookOrNull(files: ModelFiles, name: string): Promise<Verdict | null> {
  try {
    return await look(files, name);
  } catch {
    return null;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory || name.startsWith(".")) continue;
    if (names.push(name) === MAX_LOOKED_AT) break;
  }
  return names.sort();
}

async function statOf(path: string): Promise<Deno.FileInfo> {
  try {
    const stat = await Deno.stat(path);
    if (stat.isFile || stat.isDirectory) return stat;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot load the model: ${path} cannot be read: ${reason}`, { cause });
  }
  throw new Error(`Cannot load the model: ${path} is neither a file nor a folder but a pipe or a device`);
}

function unknown(name: string): Error {
  return new Error(
    `Cannot load the model: ${name} is in no format that Gradcast knows; it reads .keras, .h5 (Keras), .onnx ` +
      "and folders of TensorFlow.js Layers models; where it is an ONNX model's data, give the .onnx file beside it",
  );
}

function noModel(folder: string): Error {
  return new Error(
    `Cannot load the model: ${MODEL_FILE} cannot be read from ${folder}: there is no such file, ` +
      "nor a .keras, .h5 or .onnx model",
  );
}
