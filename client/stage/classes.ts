/** What the stage's components need of the classes and of the one that is explained. */
import type { ReadonlySignal, Signal } from "@preact/signals";

/** The classes of the model by name. */
export interface ClassList {
  /** Every class label by index; empty until they are loaded. */
  readonly labels: ReadonlySignal<readonly string[]>;
  /** What is searched for among the classes; null while nothing is. */
  readonly query: Signal<string | null>;
  /** A class's short name, by its index alone where nothing more is known. */
  readonly nameOf: (index: number, label?: string) => string;
}

/** The class that is explained whatever the network ranks first, and how to change it. */
export interface ClassTarget {
  /** Its index, or null. */
  readonly locked: ReadonlySignal<number | null>;
  lockClass(index: number): void;
  unlock(): void;
  /** Locks a class, or unlocks it when it is the locked one. */
  toggleClass(index: number): void;
}
