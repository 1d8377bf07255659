import { playTime } from "../../ui/format.ts";
import { SHORTEST_MS } from "./recorder_state.ts";

/** Step of the handles, in ms. */
const STEP_MS = 100;

/** Properties of the field. */
export interface TrimFieldProps {
  readonly durationMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** `shownMs`: the end that was moved, so that the picture there can be shown. */
  readonly onChange: (fromMs: number, toMs: number, shownMs: number) => void;
}

/** Two handles on one line: what lies between them is kept. */
export function TrimField({ durationMs, fromMs, toMs, onChange }: TrimFieldProps) {
  const left = `${100 * fromMs / durationMs}%`;
  const right = `${100 - 100 * toMs / durationMs}%`;
  // A whole number of steps, so that the handle reaches the end; what lies behind the film is cut off.
  const max = Math.ceil(durationMs / STEP_MS) * STEP_MS;
  const common = { type: "range", min: 0, max, step: STEP_MS } as const;
  return (
    <fieldset class="trim">
      <legend>Part to keep</legend>
      <div class="trim-line">
        <span class="trim-part" style={{ left, right }} />
        <input
          {...common}
          value={fromMs}
          aria-label="Beginning"
          aria-valuetext={playTime(fromMs)}
          data-testid="trim-from"
          onInput={({ currentTarget: { valueAsNumber } }) => {
            const from = Math.min(valueAsNumber, toMs - SHORTEST_MS);
            onChange(from, toMs, from);
          }}
        />
        <input
          {...common}
          value={toMs >= durationMs ? max : toMs}
          aria-label="End"
          aria-valuetext={playTime(toMs)}
          data-testid="trim-to"
          onInput={({ currentTarget: { valueAsNumber } }) => {
            const to = Math.max(Math.min(valueAsNumber, durationMs), fromMs + SHORTEST_MS);
            onChange(fromMs, to, to);
          }}
        />
      </div>
    </fieldset>
  );
}
