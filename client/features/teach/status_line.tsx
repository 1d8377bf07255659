import type { TaughtState } from "../../../shared/teach_wire.ts";
import { LiveRegion } from "../../ui/live_region.tsx";
import { learningWords } from "./words.ts";

/** Properties of the line. */
export interface StatusLineProps {
  readonly taught: TaughtState;
  /** Whether its model explains now. */
  readonly shown: boolean;
  /** What it says of the picture of now, in words, or null; reads a signal. */
  readonly saying: () => string | null;
  readonly onUse: () => void;
}

/** How learning stands, in words; and whether the model of the collection explains. */
export function StatusLine({ taught, shown, saying, onUse }: StatusLineProps) {
  const { learning, headRevision } = taught;
  const busy = learning.state === "learning";
  return (
    <div
      class="teach-status"
      data-testid="teach-status"
      data-state={learning.state}
      data-learned={headRevision > 0}
    >
      {headRevision > 0 && shown && <Saying saying={saying} />}
      <p>{learningWords(taught)}</p>
      <LiveRegion words={() => learningWords(taught)} />
      <progress
        max={1}
        value={busy ? learning.done : 1}
        aria-label="Learning"
        data-busy={busy}
        aria-hidden={!busy}
      />
      {headRevision > 0 && !shown && (
        <button type="button" class="button primary" data-testid="use-taught" onClick={onUse}>
          Explain with it
        </button>
      )}
    </div>
  );
}

/** The live answer, where the predictions lie behind the sheet; an own component, as it changes with every frame. */
function Saying({ saying }: Pick<StatusLineProps, "saying">) {
  return <p class="teach-saying" aria-hidden="true">{saying() ?? "…"}</p>;
}
