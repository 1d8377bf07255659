/** What kind of model a file is, by its first bytes and its structure; its name says nothing. */
import type { ModelFile } from "../files.ts";
import { dataAt, readZipDirectory, unzip, type ZipEntry } from "../zip.ts";
import { ADVICE, ofTorch, type Refused } from "./advice.ts";
import { isOnnx } from "./onnx_head.ts";
import { torchFileOf } from "./torch_file.ts";

/** Formats that are read. */
export type FormatId = "tfjs-layers" | "keras" | "keras-hdf5" | "onnx";

/** What a file was recognised as. */
export type Verdict =
  | { readonly kind: "readable"; readonly format: FormatId }
  | { readonly kind: "refused"; readonly refused: Refused }
  | { readonly kind: "unknown" };

/** Bytes of a file's beginning that are looked at. */
const HEAD_BYTES = 4096;

const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Pickle's first opcode, then its protocol. */
const PICKLE = 0x80;
const MAX_PICKLE_PROTOCOL = 5;
/** The number that PyTorch up to 1.5 pickled first. */
const OLD_TORCH = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/** Pickles that it wrote before the content: that number, its protocol, the machine. */
const OLD_TORCH_HEADERS = 3;
/** Bytes of a pickle that are looked at: a whole model's has some hundred kilobytes beside its weights. */
const MAX_PICKLE_BYTES = 2 ** 20;

/** Reports what a file is. */
export async function lookAtFile(file: ModelFile): Promise<Verdict> {
  const head = new Uint8Array(Math.min(file.bytes, HEAD_BYTES));
  await file.fillAt(head, 0);
  if (begins(head, HDF5)) return readable("keras-hdf5");
  if (begins(head, ZIP)) return await lookIntoZip(file);
  if (begins(head.subarray(4), [..."TFL3"].map((char) => char.charCodeAt(0)))) return refused("tflite");
  if (head[0] === PICKLE && (head[1] ?? Infinity) <= MAX_PICKLE_PROTOCOL) {
    return await lookIntoPickle(file, begins(head.subarray(2), OLD_TORCH));
  }
  if (isSafetensors(head, file.bytes)) return refused("safetensors");
  if (isOnnx(head, file.bytes)) return readable("onnx");
  return lookAtText(new TextDecoder().decode(head));
}

/** Reports what the text at the beginning of a JSON file makes it. */
function lookAtText(text: string): Verdict {
  if (!/^\s*\{/u.test(text)) return { kind: "unknown" };
  if (/"format"\s*:\s*"graph-model"/u.test(text)) return refused("tfjs-graph");
  const layers = /"format"\s*:\s*"layers-model"|"modelTopology"|"weightsManifest"/u.test(text);
  return layers ? readable("tfjs-layers") : { kind: "unknown" };
}

async function lookIntoZip(file: ModelFile): Promise<Verdict> {
  const entries = await readZipDirectory(file);
  const names = [...entries.keys()];
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/^config\.json$/u) && has(/^model\.weights\.h5$/u)) return readable("keras");
  if (has(/(^|\/)constants\.pkl$/u)) return refused("torchscript");
  if (has(/(^|\/)archive_format$/u) || has(/(^|\/)models\/.*\.json$/u)) return refused("torch-export");
  const pickle = names.find((name) => /(^|\/)data\.pkl$/u.test(name));
  if (pickle !== undefined) {
    const bytes = await readStart(file, entries.get(pickle));
    return { kind: "refused", refused: ofTorch(torchFileOf(bytes), "torch.load") };
  }
  if (has(/(^|\/)saved_model\.pb$/u)) return refused("saved-model");
  return refused("zip");
}

/** The first bytes of an entry; PyTorch stores them unpacked. */
async function readStart(file: ModelFile, entry: ZipEntry | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (entry === undefined) return new Uint8Array();
  if (entry.method === "deflated") return await unzip(file, entry, MAX_PICKLE_BYTES);
  const bytes = new Uint8Array(Math.min(entry.packedBytes, MAX_PICKLE_BYTES));
  await file.fillAt(bytes, await dataAt(file, entry));
  return bytes;
}

async function lookIntoPickle(file: ModelFile, isOldTorch: boolean): Promise<Verdict> {
  const bytes = new Uint8Array(Math.min(file.bytes, MAX_PICKLE_BYTES));
  await file.fillAt(bytes, 0);
  const found = torchFileOf(bytes, isOldTorch ? OLD_TORCH_HEADERS : 0);
  return { kind: "refused", refused: ofTorch(found, isOldTorch ? "torch.load" : "pickle.load") };
}

/** Eight bytes of a length, then that many of JSON. */
function isSafetensors(head: Uint8Array<ArrayBuffer>, bytes: number): boolean {
  if (head.length < 10 || head[8] !== "{".charCodeAt(0)) return false;
  return new DataView(head.buffer).getBigUint64(0, true) <= BigInt(bytes - 8);
}

function begins(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => head[at] === byte);
}

function readable(format: FormatId): Verdict {
  return { kind: "readable", format };
}

function refused(what: keyof typeof ADVICE): Verdict {
  return { kind: "refused", refused: ADVICE[what] };
}
