/** How classes are called on the page. */
import { className } from "../../shared/labels.ts";

export { shortLabel } from "../../shared/labels.ts";

/** A class as results name it. */
export interface NamedClass {
  readonly index: number;
  readonly label: string;
}

/** Returns a class's short name, with its index where another class of the model has the same name. */
export function nameOf(
  { index, label }: NamedClass,
  known: { readonly sharedNames: readonly number[] } | null,
): string {
  return className(index, label, known?.sharedNames ?? []);
}

/** Names a class by its index; without its label by what is known of the index. */
export type NameOf = (index: number, label?: string) => string;
