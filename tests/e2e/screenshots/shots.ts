/** Which pictures are taken: those of the documents, or all views in every size for reviewers. */
import { type View, VIEWS } from "./views.ts";

/** One picture of a view. */
export interface Shot {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "dark" | "light";
}

/** A view with the pictures that are taken of it. */
export interface Plan {
  readonly view: View;
  readonly shots: readonly Shot[];
}

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 720 };
const SIZES = [PHONE, DESKTOP, { width: 1920, height: 1080 }];
const SCHEMES = ["dark", "light"] as const;

/** Tall enough for a panel beside the picture. */
const TALL = { ...DESKTOP, height: 800 };

/** What README.md and docs/ show. */
const OF_DOCUMENTS: ReadonlyMap<string, Shot> = new Map([
  ["page", { ...DESKTOP, colorScheme: "dark" }],
  ["compare", { ...DESKTOP, colorScheme: "dark" }],
  ["inside", { ...TALL, colorScheme: "dark" }],
  ["trust", { ...TALL, colorScheme: "light" }],
  ["teach", { ...TALL, colorScheme: "dark" }],
  ["record", { ...DESKTOP, colorScheme: "light" }],
  ["watch", { ...PHONE, colorScheme: "dark" }],
]);

/** Name of a picture's file, without its ending. */
export function nameOf({ name }: View, { width, colorScheme }: Shot): string {
  return `${name}-${width}-${colorScheme}`;
}

/**
 * Plans the pictures.
 *
 * @param review Whether every view is wanted in every size and both themes.
 * @param only Names of the views that are wanted; none: all.
 * @throws RangeError for a name that is no view's
 */
export function plan(review: boolean, only: readonly string[]): Plan[] {
  const unknown = only.find((name) => !VIEWS.some((view) => view.name === name));
  if (unknown !== undefined) {
    const names = VIEWS.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot take the pictures: expected one of ${names}, got ${unknown}`);
  }
  return VIEWS.filter(({ name }) => only.length === 0 || only.includes(name))
    .map((view) => ({ view, shots: review ? EVERY : ofDocuments(view) }))
    .filter(({ shots }) => shots.length > 0);
}

const EVERY: readonly Shot[] = SIZES.flatMap((size) =>
  SCHEMES.map((colorScheme) => ({ ...size, colorScheme }))
);

function ofDocuments({ name }: View): readonly Shot[] {
  const shot = OF_DOCUMENTS.get(name);
  return shot === undefined ? [] : [shot];
}
