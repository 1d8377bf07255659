/** What a file of `torch.save` or of pickle holds: weights, a checkpoint, or a whole model. */
import { outlineOf, type Pickled, type PickleOutline } from "./pickle.ts";

/** What was found in it. */
export type TorchFile =
  /** Tensors by name; `key` names the entry of a checkpoint that they are in. */
  | { readonly kind: "weights"; readonly key: string | null; readonly runsCode: boolean }
  /** A module with its layers. */
  | {
    readonly kind: "model";
    readonly key: string | null;
    /** Its class; null where the name is none that may be shown. */
    readonly className: string | null;
    /** Whether the model is the wrapper's that trains it on several devices. */
    readonly isWrapped: boolean;
  }
  | { readonly kind: "nothing" };

const WRAPPERS = /^torch\.nn\.parallel\.\w+\.(?:DataParallel|DistributedDataParallel)$/u;

/** Modules whose classes are layers and models, also where the file is cut off before their content. */
const MODULES = /^(?:torch\.nn\.(?!parameter\.)|torchvision\.models\.|timm\.)/u;

/** Functions that make tensors. */
const TENSORS = /^torch\._(?:utils|tensor)\._?rebuild/u;

/** What `torch.load` reads without running code, by its own list; of the classes that checkpoints have. */
const DATA =
  /^(?:torch\.(?!nn\.)\S*|collections\.OrderedDict|_codecs\.encode|(?:__builtin__|builtins)\.set)$/u;

/** Names that may stand in a command. */
const NAME = /^[\w.-]{1,80}$/u;

/** Entries that hold the weights of something else. */
const NOT_THE_MODEL = /optim|sched|scaler/iu;

/** What training scripts call the weights of the model, the likeliest first. */
const USUAL = ["state_dict", "model_state_dict", "model", "state"];

/**
 * Reports what a file of `torch.save` holds.
 *
 * @param bytes its pickle, or as much of it as was read
 * @param before how many pickles stand before: PyTorch up to 1.5 wrote three
 */
export function torchFileOf(bytes: Uint8Array<ArrayBuffer>, before = 0): TorchFile {
  let at = 0;
  for (let number = 0; number < before; number++) {
    const { bytes: taken } = outlineOf(bytes, at);
    if (taken === null) return { kind: "nothing" };
    at += taken;
  }
  return findIn(outlineOf(bytes, at));
}

function findIn({ value, classes, bytes }: PickleOutline): TorchFile {
  const whole = modelOf(value, null, bytes === null);
  if (whole !== null) return whole;
  if (value.kind !== "mapping") return { kind: "nothing" };
  const runsCode = [...classes].some((name) => !DATA.test(name));
  const entries = [...value.entries].filter(([key]) => NAME.test(key) && !NOT_THE_MODEL.test(key));
  for (const [key, entry] of entries) {
    const model = modelOf(entry, key, false);
    if (model !== null) return model;
  }
  const keys = entries.filter(([, entry]) => isWeights(entry)).map(([key]) => key);
  const key = USUAL.find((usual) => keys.includes(usual)) ?? keys[0];
  if (key !== undefined) return { kind: "weights", key, runsCode };
  return isWeights(value) ? { kind: "weights", key: null, runsCode } : { kind: "nothing" };
}

function modelOf(value: Pickled, key: string | null, isCut: boolean): TorchFile | null {
  if (value.kind !== "object" || TENSORS.test(value.name)) return null;
  const isModule = value.state.has("_modules") || (isCut && MODULES.test(value.name));
  if (!isModule) return null;
  return {
    ...{ kind: "model", key },
    className: NAME.test(value.name) ? value.name : null,
    isWrapped: WRAPPERS.test(value.name),
  };
}

function isWeights(value: Pickled): boolean {
  if (value.kind !== "mapping") return false;
  return [...value.entries.values()].some((one) => one.kind === "object" && TENSORS.test(one.name));
}
