/** Names of a model's files as they are sent, and which of them is the model. Pure. */

/** Parts of a path at most: folders and the file's name. */
const MAX_PARTS = 4;

/** Longest path, in UTF-16 code units. */
const MAX_PATH_CHARS = 200;

/** Longest id, in characters: longer ones are cut where models are listed. */
const MAX_ID_CHARS = 60;

/** Words that stand in addresses where an id does. */
const RESERVED_IDS = ["room"];

/** A folder's or a file's name: none that leads elsewhere, is hidden or has a character that a system refuses. */
const PART = /^[\p{L}\p{N}_][\p{L}\p{N}_ .()+,=@~-]*$/u;

/** Endings of files that are a model by themselves. */
const MODEL_ENDINGS = [".onnx", ".keras", ".h5", ".hdf5"];

/** Endings of what lies beside a model: cards, names of classes. */
const BESIDE = [".json", ".txt", ".csv", ".md"];

/** Whether a path, with `/` between its parts, is one inside a model's folder. */
export function isModelPath(path: string): boolean {
  const parts = path.split("/");
  return path.length <= MAX_PATH_CHARS && parts.length <= MAX_PARTS &&
    parts.every((part) => PART.test(part) && !part.endsWith("."));
}

/** The file that is opened, or null where the folder as a whole is the model. */
export function modelFileOf(paths: readonly string[]): string | null {
  const models = paths.filter((path) => endsWithOne(path, MODEL_ENDINGS));
  if (models.length === 1) return models[0] ?? null;
  if (paths.includes("model.json")) return null;
  const others = paths.filter((path) => !endsWithOne(path, BESIDE));
  return models.length === 0 && others.length === 1 ? others[0] ?? null : null;
}

/** The card's path beside the model's file, or in the folder. */
export function cardPathOf(file: string | null): string {
  if (file === null) return "gradcast.json";
  const dot = file.lastIndexOf(".");
  return `${dot > file.lastIndexOf("/") + 1 ? file.slice(0, dot) : file}.gradcast.json`;
}

/** An id out of a name that people gave: lower case, as it stands in addresses. */
export function modelIdOf(name: string): string {
  const plain = name.replace(/\.[^./]*$/, "").normalize("NFKD").toLowerCase();
  return cutId(plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+/, ""), MAX_ID_CHARS) || "model";
}

/** Whether a folder's name is the id of a model. */
export function isModelId(name: string): boolean {
  return modelIdOf(name) === name;
}

/** An id of those wanted that none of those taken is, case aside: the second `net` becomes `net-2`. */
export function freeId(wanted: string, taken: Iterable<string>): string {
  const others = new Set([...RESERVED_IDS, ...taken].map((one) => one.toLowerCase()));
  let id = wanted;
  for (let number = 2; others.has(id); number++) {
    const ending = `-${number}`;
    id = `${cutId(wanted, MAX_ID_CHARS - ending.length)}${ending}`;
  }
  return id;
}

function cutId(id: string, maxChars: number): string {
  return id.slice(0, maxChars).replace(/-+$/, "");
}

function endsWithOne(path: string, endings: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}
