import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Enlarged } from "../../stage/enlarged.ts";
import type { Feature } from "../../http/feature.ts";
import { FeatureProgress } from "./feature_progress.tsx";

/** Steps of a visualisation until somebody chooses another number, and the most that are offered. */
const STEPS = 200;
const MAX_STEPS = 1_000;

const MAX_SEED = 9_999;

/** Properties of the card. */
export interface FeatureCardProps {
  /** Id of the model; null: the server's first one. */
  readonly model: string | null;
  /** The channel that lies over the picture, or null. */
  readonly enlarged: Enlarged | null;
  readonly feature: Feature;
  /** Shows the heatmap again. */
  readonly onClose: () => void;
}

/** What the enlarged channel likes to see: run, watched and stopped here. */
export function FeatureCard({ model, enlarged, feature, onClose }: FeatureCardProps) {
  const steps = useSignal(STEPS);
  const seed = useSignal(0);
  const state = feature.state.value;
  if (enlarged === null) {
    return (
      <p class="muted">
        Choose a channel: it is shown over the picture, and here you can make the picture that it answers to
        most.
      </p>
    );
  }
  const { layer, channel } = enlarged;
  const running = state.kind === "running";
  const start = () => feature.start({ model, layer, channel, steps: steps.value, seed: seed.value });
  return (
    <div class="feature" data-testid="feature" data-state={state.kind}>
      <p class="muted small">
        Dreams up, from noise, the picture that raises channel {channel} of {layer}{" "}
        as far as it can. It says nothing about the picture at hand.{" "}
        <button type="button" class="link-button" onClick={onClose}>
          Back to the heatmap
        </button>
      </p>
      <div class="feature-fields">
        <WholeField
          {...{ label: "Steps", min: 1, max: MAX_STEPS, disabled: running, testid: "feature-steps" }}
          value={steps.value}
          onChange={(value) => steps.value = value}
        />
        <WholeField
          {...{ label: "Seed", min: 0, max: MAX_SEED, disabled: running }}
          value={seed.value}
          onChange={(value) => seed.value = value}
        />
        {running
          ? <button type="button" class="button" onClick={() => feature.stop()}>Cancel</button>
          : (
            <button type="button" class="button primary" data-testid="feature-start" onClick={start}>
              Visualise
            </button>
          )}
      </div>
      <FeatureProgress state={state} />
    </div>
  );
}

/** A whole number; what is typed beside its range changes nothing. */
function WholeField({ label, min, max, value, disabled, testid, onChange }: {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly disabled: boolean;
  readonly testid?: string;
  readonly onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <label htmlFor={id}>
      {label}
      <input
        id={id}
        type="number"
        min={min}
        max={max}
        value={value}
        disabled={disabled}
        data-testid={testid}
        onInput={({ currentTarget: { valueAsNumber: typed } }) => {
          if (Number.isInteger(typed) && typed >= min && typed <= max) onChange(typed);
        }}
      />
    </label>
  );
}
