import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Figures } from "../../live/figures.ts";
import type { MapStatus } from "../../map/map_status.ts";
import { Unbroken } from "../../ui/unbroken.tsx";
import { EnlargeButton, PaneTitle } from "./pane_head.tsx";
import { figureWords } from "./pane_words.ts";

/** Properties of the main pane's head. */
export interface MainHeadProps {
  readonly title: readonly string[];
  readonly enlarged: Signal<number | null>;
}

/** The head of the main pane, whose settings stand beside the picture. */
export function MainHead({ title, enlarged }: MainHeadProps) {
  return (
    <header class="pane-head">
      <PaneTitle title={title} />
      <EnlargeButton id={0} title={title} enlarged={enlarged} />
    </header>
  );
}

/** How the main pane's map stands. */
export interface MainFigures {
  readonly figures: ReadonlySignal<Figures>;
  readonly status: ReadonlySignal<MapStatus>;
  /** The engine's time for the newest map, in ms; null before the first. */
  readonly costMs: ReadonlySignal<number | null>;
  /** What the map is made of; empty where its method draws no samples. */
  readonly made: ReadonlySignal<string>;
  readonly isStill: () => boolean;
}

/** The figures of the main pane's map. */
export function MainFoot({ figures, status, costMs, made, isStill }: MainFigures) {
  const { kind } = status.value;
  const held = isStill() && kind !== "waiting" && kind !== "stale";
  const words = figureWords({
    ageMs: held ? null : figures.value.ageMs,
    costMs: costMs.value,
    progress: status.value.kind === "growing" ? status.value.progress : 1,
    made: made.value,
    unclear: kind === "unclear",
  });
  return (
    <p class="pane-foot">
      <Unbroken text={words} />
    </p>
  );
}
