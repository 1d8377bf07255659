import type { TourFacts } from "./facts.ts";

/** What steps do to the page. */
export interface TourStage {
  hideMap(hidden: boolean): void;
  /** Hides from the network where the map is hottest; false where it marks nothing. */
  coverHottest(): boolean;
  /** Leaves a corner: too little to tell anything. */
  coverNearlyAll(): void;
  uncover(): void;
  /** Explains the second class; false where there is none. */
  lockSecond(): boolean;
  unlock(): void;
}

/** What the tour needs. */
export interface TourPorts {
  /** What is to be seen; reads signals. */
  readonly facts: () => TourFacts;
  readonly stage: TourStage;
  /** Makes the page ready for the tour; returns what gives it back as it was. */
  readonly borrow: () => () => void;
  /** The time in ms. */
  readonly now: () => number;
  /** Runs something every `ms` until the returned function is called. */
  readonly every: (ms: number, run: () => void) => () => void;
  /** Begins a recording, where one can begin. */
  readonly record: () => void;
}

/** What is needed before its code is loaded. */
export interface TourStart {
  /** Loads what the tour needs. */
  readonly load: () => Promise<TourPorts>;
  readonly say: (words: string) => void;
  /** Whether the tour was offered in this browser before; reads signals. */
  readonly offered: () => boolean;
  readonly setOffered: () => void;
}
