/** What the panel shows, as a pure reducer: which collections there are, and the one that is open. */
import type { TaughtList, TaughtState } from "../../../shared/teach_wire.ts";
import { ownFirst } from "./class_order.ts";
import type { Clues, TaughtPicture } from "./server.ts";

/** The parts of the panel, as tabs. */
export const PARTS = ["collect", "why", "check", "saved"] as const;
export type Part = typeof PARTS[number];

/** Pictures that are looked through: of one class, of a cell of the confusion matrix, or of a warning. */
export type Review =
  | { readonly kind: "class"; readonly classKey: string }
  | { readonly kind: "cell"; readonly classKey: string; readonly said: string }
  | { readonly kind: "warning"; readonly words: string; readonly pictures: readonly number[] };

/** The check for spurious clues. */
export type CluesState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly share: number }
  /** `headRevision`: the head that was looked at. */
  | { readonly kind: "done"; readonly clues: Clues; readonly headRevision: number }
  | { readonly kind: "failed"; readonly words: string };

/** Files on their way into classes. */
export interface Adding {
  readonly done: number;
  readonly of: number;
}

/** The collection that is open. */
export interface OpenCollection {
  readonly id: string;
  /** What the server says of it, own classes first; null until it has. */
  readonly taught: TaughtState | null;
  /** The class that space collects, or null where there is none. */
  readonly chosen: string | null;
  /** The class whose button is held, or null. */
  readonly held: string | null;
  /** Pictures of each class that are taken and not on the server's disk yet. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly adding: Adding | null;
  readonly pictures: readonly TaughtPicture[];
  readonly part: Part;
  readonly review: Review | null;
  /** The class whose box is drawn, or null. */
  readonly boxing: string | null;
  readonly clues: CluesState;
  /** Why the newest state is not known, in words, or null. */
  readonly problem: string | null;
}

/** Where the panel stands. */
export type TeachState =
  | { readonly kind: "asking" }
  | { readonly kind: "refused"; readonly words: string }
  | { readonly kind: "choosing"; readonly list: TaughtList }
  | { readonly kind: "open"; readonly list: TaughtList; readonly open: OpenCollection };

/** What happens. */
export type TeachEvent =
  | { readonly kind: "listed"; readonly list: TaughtList }
  | { readonly kind: "refused"; readonly words: string }
  | { readonly kind: "opened"; readonly id: string }
  | { readonly kind: "closed" }
  | { readonly kind: "state"; readonly taught: TaughtState }
  | { readonly kind: "problem"; readonly words: string }
  | { readonly kind: "chosen"; readonly classKey: string }
  | { readonly kind: "held"; readonly classKey: string | null }
  | { readonly kind: "waiting"; readonly waiting: ReadonlyMap<string, number> }
  | { readonly kind: "adding"; readonly adding: Adding | null }
  /** Pictures are on the disk that were taken here. */
  | {
    readonly kind: "added";
    readonly classKey: string;
    readonly hold: number;
    readonly ids: readonly number[];
  }
  | { readonly kind: "pictures"; readonly pictures: readonly TaughtPicture[] }
  | { readonly kind: "part"; readonly part: Part }
  | { readonly kind: "review"; readonly review: Review | null }
  | { readonly kind: "boxing"; readonly classKey: string | null }
  | { readonly kind: "clues"; readonly clues: CluesState };

/** Before the server has answered. */
export const NOT_ASKED: TeachState = { kind: "asking" };

/** Takes one event; what is no more open is left out. */
export function teaching(state: TeachState, event: TeachEvent): TeachState {
  switch (event.kind) {
    case "listed":
      return state.kind === "open" ? { ...state, list: event.list } : { kind: "choosing", list: event.list };
    case "refused":
      return { kind: "refused", words: event.words };
    case "opened":
      return "list" in state ? { kind: "open", list: state.list, open: opened(event.id) } : state;
    case "closed":
      return state.kind === "open" ? { kind: "choosing", list: state.list } : state;
    default:
      return state.kind === "open" ? { ...state, open: collection(state.open, event) } : state;
  }
}

function opened(id: string): OpenCollection {
  return {
    id,
    taught: null,
    chosen: null,
    held: null,
    waiting: new Map(),
    adding: null,
    pictures: [],
    part: "collect",
    review: null,
    boxing: null,
    clues: { kind: "idle" },
    problem: null,
  };
}

type OpenEvent = Exclude<TeachEvent, { kind: "listed" | "refused" | "opened" | "closed" }>;

function collection(open: OpenCollection, event: OpenEvent): OpenCollection {
  switch (event.kind) {
    case "state":
      return known(open, event.taught);
    case "problem":
      return { ...open, problem: event.words };
    case "chosen":
      return { ...open, chosen: event.classKey };
    case "held":
      return { ...open, held: event.classKey, ...(event.classKey !== null && { chosen: event.classKey }) };
    case "waiting":
      return { ...open, waiting: event.waiting };
    case "adding":
      return { ...open, adding: event.adding };
    case "added":
      return { ...open, pictures: [...open.pictures, ...addedHere(open, event)] };
    case "pictures":
      return { ...open, pictures: event.pictures };
    case "part":
      return { ...open, part: event.part, review: null, boxing: null };
    case "review":
      return { ...open, review: event.review, boxing: null };
    case "boxing":
      return { ...open, boxing: event.classKey, review: null };
    case "clues":
      return { ...open, clues: event.clues };
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** A state of the server; what is of classes that are gone goes with them. */
function known(open: OpenCollection, taught: TaughtState): OpenCollection {
  if (taught.id !== open.id) return open;
  const classes = ownFirst(taught.classes);
  const has = (key: string | null) => taught.classes.some((one) => one.key === key);
  const { review, boxing, chosen } = open;
  const gone = review !== null && review.kind !== "warning" && !has(review.classKey);
  return {
    ...open,
    taught: classes === taught.classes ? taught : { ...taught, classes },
    problem: null,
    chosen: has(chosen) ? chosen : firstChosen(classes),
    review: gone ? null : review,
    boxing: has(boxing) ? boxing : null,
  };
}

/** The first class without pictures, else the first one. */
function firstChosen(classes: TaughtState["classes"]): string | null {
  return (classes.find(({ pictures }) => pictures === 0) ?? classes[0])?.key ?? null;
}

function addedHere(
  { pictures }: OpenCollection,
  { classKey, hold, ids }: Extract<TeachEvent, { kind: "added" }>,
): readonly TaughtPicture[] {
  const known = new Set(pictures.map(({ id }) => id));
  return ids.filter((id) => !known.has(id)).map((id) => ({
    id,
    class: classKey,
    hold,
    said: null,
    probability: null,
  }));
}

/** Whether a collection has learned for the first time with this state. */
export function firstLearned(before: TaughtState | null, after: TaughtState): boolean {
  return before !== null && before.id === after.id && before.headRevision === 0 && after.headRevision > 0;
}

/** The warnings that somebody can do something about: that an empty class is left out is plain to see. */
export function shownWarnings({ classes, warnings }: TaughtState): TaughtState["warnings"] {
  const empty = new Set(classes.filter(({ pictures }) => pictures === 0).map(({ key }) => key));
  return warnings.filter((one) => one.kind !== "few" || one.classes.some((key) => !empty.has(key)));
}

/** The pictures that a review shows. */
export function reviewed({ pictures }: OpenCollection, review: Review): readonly TaughtPicture[] {
  switch (review.kind) {
    case "class":
      return pictures.filter((one) => one.class === review.classKey);
    case "cell":
      return pictures.filter((one) => one.class === review.classKey && one.said === review.said);
    case "warning": {
      const wanted = new Set(review.pictures);
      return pictures.filter(({ id }) => wanted.has(id));
    }
    default: {
      const _never: never = review;
      return _never;
    }
  }
}

/** Whether the pictures that are known here are those of the server, so far as their numbers say. */
export function picturesFit({ taught, pictures }: OpenCollection): boolean {
  if (taught === null) return true;
  const counts = new Map<string, number>();
  for (const one of pictures) counts.set(one.class, (counts.get(one.class) ?? 0) + 1);
  return taught.classes.every(({ key, pictures }) => (counts.get(key) ?? 0) === pictures) &&
    pictures.length === taught.pictures;
}
