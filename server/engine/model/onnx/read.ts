/** Reads the files of an ONNX model and makes a source model of them. */
import { NotCovered } from "../../graph/not_covered.ts";
import type { ModelFiles } from "../files.ts";
import type { ReadRequest, SourceModel } from "../source_model.ts";
import { importGraph } from "./_graph.ts";
import { labelsOf } from "./_labels.ts";
import { normalisationOf } from "./_normalisation.ts";
import { parseModel } from "./_parse_model.ts";
import type { ModelProto, TensorProto } from "./_proto.ts";
import { bytesOf, type ReadExternal } from "./_tensor.ts";

/** Bytes that the operations may take beside the weights. */
const OPERATIONS_BYTES = 2 ** 26;

/** Bytes of a file at most: what one buffer holds. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Reads an ONNX model.
 *
 * @throws NotCovered, or an Error with one sentence on what does not fit and where
 */
export async function readOnnx({ files, file, inputSize, mostBytes }: ReadRequest): Promise<SourceModel> {
  const most = Math.min(MAX_BYTES, mostBytes + OPERATIONS_BYTES);
  const bytes = await files.read(file, most);
  if (bytes === null) throw new Error(`Cannot load the model: ${file} cannot be read: there is no such file`);
  const model = within(file, () => parseModel(bytes));
  within(file, () => checkTotal(model, mostBytes));
  const beside = await readBeside(files, file, model, most);
  const { drafts, output, notes, parameters } = within(
    file,
    () => importGraph(model, { inputSize, external: beside.external, mostBytes: most }),
  );
  // Left to the garbage collector, hundreds of megabytes would stay for as long as it likes.
  [bytes, ...beside.buffers].forEach(({ buffer }) => buffer.transfer(0));
  return {
    format: "ONNX",
    drafts,
    output,
    labels: labelsOf(model.metadata),
    parameters,
    notes,
    normalisation: normalisationOf(drafts, model),
  };
}

/** Puts the file's name before a reason. */
function within<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof NotCovered || !(cause instanceof Error)) throw cause;
    if (cause.message.startsWith("Cannot ") || cause instanceof TypeError) throw cause;
    throw new Error(`Cannot load the model: ${file} cannot be read: ${cause.message}`, { cause });
  }
}

/** Refuses weights that there is no room for, before memory is taken for them. */
function checkTotal({ initializers }: ModelProto, mostBytes: number): void {
  const bytes = initializers.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  if (bytes <= mostBytes) return;
  const megabytes = (count: number) => Math.ceil(count / 2 ** 20).toLocaleString("en");
  throw new Error(`its weights take ${megabytes(bytes)} MB, and ${megabytes(mostBytes)} MB are there`);
}

/** Reads the files beside the model that its tensors lie in, whole. */
async function readBeside(files: ModelFiles, file: string, model: ModelProto, most: number) {
  const names = new Set(
    tensorsOf(model).flatMap(({ external }) => external === null ? [] : [external.location]),
  );
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  let left = most;
  for (const name of names) {
    checkName(file, name);
    using beside = await files.openRequired(plain(name));
    if (beside.bytes > left) {
      throw new Error(
        `Cannot load the model: ${plain(name)} may have ${left.toLocaleString("en")} bytes, ` +
          `but it has ${beside.bytes.toLocaleString("en")}`,
      );
    }
    left -= beside.bytes;
    const bytes = new Uint8Array(beside.bytes);
    await beside.fill(bytes);
    found.set(name, bytes);
  }
  const external: ReadExternal = (tensor, { location, offset, length }, wanted) => {
    const bytes = found.get(location);
    if (bytes === undefined) throw new Error(`tensor ${tensor} lies in ${location}, which was not read`);
    const count = length ?? wanted;
    if (offset + count > bytes.length) {
      throw new Error(
        `tensor ${tensor} lies at ${offset} to ${offset + count} of ${plain(location)}, ` +
          `which has ${bytes.length} bytes; copy both files again`,
      );
    }
    return bytes.subarray(offset, offset + count);
  };
  return { external, buffers: [...found.values()] };
}

function tensorsOf({ initializers, nodes }: ModelProto): readonly TensorProto[] {
  const written = nodes.flatMap(({ attributes }) =>
    [...attributes.values()].flatMap(({ t }) => t === null ? [] : [t])
  );
  return [...initializers, ...written];
}

/** A file's name alone: no path leads elsewhere. */
const FILE_NAME = /^(?:\.\/)?[\w][\w .+-]*$/u;

function plain(name: string): string {
  return name.replace(/^\.\//u, "");
}

function checkName(file: string, name: string): void {
  if (FILE_NAME.test(name) && name.length <= 255) return;
  throw new Error(
    `Cannot load the model: ${file} must have its weights in a file beside it, ` +
      `got ${JSON.stringify(name.slice(0, 100))}`,
  );
}
