import { Columns3 } from "lucide-preact";
import { HEAD_KINDS, HEAD_NAMES, type HeadKind } from "../../../shared/head_model.ts";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { accuracyWords, HEAD_SENTENCES } from "./words.ts";

/** Properties of the choice. */
export interface HeadChoiceProps {
  readonly taught: TaughtState;
  readonly onChoose: (kind: HeadKind) => void;
  readonly onCompare: () => void;
}

/** Which head decides, each with one plain sentence, and a button that shows all of them side by side. */
export function HeadChoice({ taught, onChoose, onCompare }: HeadChoiceProps) {
  return (
    <fieldset class="head-choice">
      <legend>What decides on top of the network</legend>
      <div class="head-options">
        {HEAD_KINDS.map((kind) => (
          <label key={kind} class="head-option" title={HEAD_SENTENCES[kind]}>
            <input
              type="radio"
              name="head"
              value={kind}
              checked={taught.kind === kind}
              data-testid={`head-${kind}`}
              onChange={() => onChoose(kind)}
            />
            <span>{HEAD_NAMES[kind]}</span>
          </label>
        ))}
      </div>
      <p class="muted small" data-testid="head-sentence">
        {HEAD_SENTENCES[taught.kind]} {accuracyWords(taught, taught.kind)}
      </p>
      <button
        type="button"
        class="button"
        data-testid="compare-heads"
        disabled={taught.headRevision === 0}
        onClick={onCompare}
      >
        <Columns3 aria-hidden="true" /> Compare heads
      </button>
    </fieldset>
  );
}
