/** What the panel says in words and numbers. Pure. */
import type { HeadKind } from "../../../shared/head_model.ts";
import type { TaughtState, Why } from "../../../shared/teach_wire.ts";
import { percent } from "../../ui/format.ts";

/** Each head in one plain sentence. */
export const HEAD_SENTENCES: Readonly<Record<HeadKind, string>> = {
  linear:
    "Gives every channel a weight for each of your classes and adds up. Quick, and its heatmap is exact.",
  "pca-linear": "First keeps only the directions in which your pictures differ, then weighs these. " +
    "Steadier with few pictures; its heatmap is exact too.",
  tree: "Asks a few yes-or-no questions about single channels. You can read each of them.",
  forest: "A hundred trees that each saw other pictures, and vote. Surer than one tree, harder to read.",
  nearest:
    "Looks for the most similar pictures that you showed. It can point at them: “because it looks like these”.",
};

/** Says how many pictures are counted, "no picture" and "1 picture" among them. */
export function pictureCount(count: number): string {
  return count === 0 ? "no pictures" : count === 1 ? "1 picture" : `${count.toLocaleString("en")} pictures`;
}

/** Pictures that a class needs before it is learned. */
const PICTURES_NEEDED = 5;

/** Says how many pictures a class has, and how many it needs while these are too few. */
export function classCount(count: number): string {
  return count > 0 && count < PICTURES_NEEDED
    ? `${count} of ${PICTURES_NEEDED} pictures`
    : pictureCount(count);
}

/** Classes that learning needs. */
const CLASSES_NEEDED = 2;

/** Says how learning stands, in one sentence or two. */
export function learningWords(taught: TaughtState): string {
  const { learning, classes, accuracy, headRevision } = taught;
  switch (learning.state) {
    case "waiting":
      return neededWords(classes) ?? sentence(learning.reason ?? "Waiting for pictures");
    case "learning":
      return headRevision > 0 ? "Learning the newest pictures…" : "Learning…";
    case "cannot":
      return sentence(
        learning.reason ?? "It could not be learned. Take other pictures, then it is tried again.",
      );
    case "learned": {
      const learned = classes.filter((one) => one.learned);
      const count = learned.reduce((sum, { pictures }) => sum + pictures, 0);
      const took = learning.ms === null ? "" : ` in ${seconds(learning.ms)}`;
      const right = accuracy === null ? "" : `: ${percent(accuracy)} right on pictures it has not seen`;
      return `Learned from ${pictureCount(count)}${took}${right}.`;
    }
    default: {
      const _never: never = learning.state;
      return _never;
    }
  }
}

/** Says how often a head is right on pictures that it had not seen, or nothing where that is not known. */
export function accuracyWords(
  { heads, chance }: Pick<TaughtState, "heads" | "chance">,
  kind: HeadKind,
): string {
  const { accuracy = null, deviation = null } = heads.find((head) => head.kind === kind) ?? {};
  if (accuracy === null) return "";
  const spread = deviation === null ? "" : ` ± ${percent(deviation)}`;
  const guess = chance === null ? "" : `; always naming the largest class gets ${percent(chance)}`;
  return `It gets ${percent(accuracy)}${spread} of pictures right that it has not seen${guess}.`;
}

/** Says what to do until two classes have enough pictures; null from then on. */
function neededWords(classes: TaughtState["classes"]): string | null {
  const ready = classes.filter(({ pictures }) => pictures >= PICTURES_NEEDED);
  if (ready.length >= CLASSES_NEEDED) return null;
  const begun = classes.filter(({ pictures }) => pictures > 0);
  if (begun.length === 0) return "Hold an object up and keep its button pressed.";
  const have = begun.map(({ name, pictures }) => `${name} has ${pictures}`).join(", ");
  return `Two classes need five pictures each: ${have}.`;
}

/** Says what a head says of the picture of now. */
export function sayingWords({ classes }: Pick<Why, "classes">): string {
  const [first, second] = classes.toSorted((a, b) => b.probability - a.probability);
  if (first === undefined) return "";
  const rest = second === undefined ? "" : `, ${second.name} ${percent(second.probability)}`;
  return `It says ${first.name} ${percent(first.probability)}${rest}.`;
}

/** The reason of a server as a sentence of its own. */
function sentence(words: string): string {
  return /[.!?…]$/u.test(words) ? words : `${words}.`;
}

function seconds(ms: number): string {
  return ms < 100 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A name that none of the others has, case aside: the wanted one, or with a number behind it. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1;; number++) {
    const name = number === 1 ? wanted : `${wanted} (${number})`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

/** Said where chosen files hold no picture. */
export const NO_PICTURES = "There is no picture among these files. Choose photos, or folders of photos.";

/** Files that are named before the others are counted. */
const NAMED = 3;

/** Says what became of files; `unread`: names of those in which the browser found no picture. */
export function addedWords(added: number, unread: readonly string[]): string {
  const base = added === 0 ? "No picture was added." : `${pictureCount(added)} added.`;
  if (unread.length === 0) return base;
  const files = unread.length === 1 ? "1 file is no picture" : `${unread.length} files are no pictures`;
  const others = unread.length - NAMED;
  const names = [...unread.slice(0, NAMED), ...(others > 0 ? [`${others} more`] : [])].join(", ");
  return `${base} ${files} that the browser can read: ${names}.`;
}

/** Says how many pictures were not kept. */
export function lostWords(lost: number): string {
  return lost === 1 ? "1 picture was not kept." : `${lost} pictures were not kept.`;
}

/** What to do about a warning. */
export function remedy(kind: TaughtState["warnings"][number]["kind"]): string {
  switch (kind) {
    case "uneven":
      return "Collect more pictures of the smaller class.";
    case "duplicates":
      return "Move the object while you hold the button: other sides, distances, places and light.";
    case "contradiction":
      return "Delete the picture from the class where it does not belong.";
    case "chance":
      return "Take pictures that differ more, or remove pictures that show something else.";
    case "few":
      return "Collect at least five pictures of it.";
    default: {
      const _never: never = kind;
      return _never;
    }
  }
}
