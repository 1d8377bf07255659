import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { InsideProps } from "./channel_grid.tsx";
import type { FeatureState } from "./feature.ts";

/** Steps of a visualisation until somebody chooses another number, and the most that are offered. */
const STEPS = 200;
const MAX_STEPS = 1_000;

/** What the enlarged channel likes to see: run, watched and stopped here. */
export function FeatureCard({ page, model }: InsideProps) {
  const steps = useSignal(STEPS);
  const seed = useSignal(0);
  const id = useId();
  const enlarged = page.enlarged.value;
  const state = model.feature.state.value;
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
  return (
    <div class="feature" data-testid="feature" data-state={state.kind}>
      <p class="muted small">
        Dreams up, from noise, the picture that raises channel {channel} of {layer}{" "}
        as far as it can. It says nothing about the picture at hand.{" "}
        <button type="button" class="link-button" onClick={() => page.enlarged.value = null}>
          Back to the heatmap
        </button>
      </p>
      <div class="feature-fields">
        <label htmlFor={`${id}-steps`}>
          Steps
          <input
            id={`${id}-steps`}
            type="number"
            min={1}
            max={MAX_STEPS}
            value={steps.value}
            disabled={running}
            data-testid="feature-steps"
            onInput={({ currentTarget: { valueAsNumber } }) =>
              steps.value = wholeWithin(valueAsNumber, 1, MAX_STEPS, steps.value)}
          />
        </label>
        <label htmlFor={`${id}-seed`}>
          Seed
          <input
            id={`${id}-seed`}
            type="number"
            min={0}
            max={9_999}
            value={seed.value}
            disabled={running}
            onInput={({ currentTarget: { valueAsNumber } }) =>
              seed.value = wholeWithin(valueAsNumber, 0, 9_999, seed.value)}
          />
        </label>
        {running
          ? <button type="button" class="button" onClick={() => model.feature.stop()}>Cancel</button>
          : (
            <button
              type="button"
              class="button primary"
              data-testid="feature-start"
              onClick={() => model.feature.start({ layer, channel, steps: steps.value, seed: seed.value })}
            >
              Visualise
            </button>
          )}
      </div>
      <FeatureProgress state={state} />
    </div>
  );
}

function FeatureProgress({ state }: { readonly state: FeatureState }) {
  switch (state.kind) {
    case "idle":
      return null;
    case "failed":
      return <p role="alert">{state.words}</p>;
    case "running":
    case "done": {
      const { question: { steps, channel, layer }, png } = state;
      const step = state.kind === "done" ? steps : state.step;
      return (
        <>
          <div class="feature-progress">
            <progress max={steps} value={step} aria-label="Steps of the visualisation" />
            <span class="number small">{state.kind === "done" ? "done" : `${step} of ${steps}`}</span>
          </div>
          {state.kind === "done" && state.silent && (
            <p data-testid="feature-silent">
              Nothing was found that activates channel {channel}: the picture shows noise. Try another seed.
            </p>
          )}
          {png !== null && (
            <img
              class="feature-picture"
              src={`data:image/png;base64,${png}`}
              alt={`What channel ${channel} of ${layer} likes to see`}
              data-testid="feature-picture"
            />
          )}
          <p class="visually-hidden" role="status">
            {state.kind === "done" ? "The visualisation is done" : "The visualisation is running"}
          </p>
        </>
      );
    }
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

/** What was typed, where it is a whole number in its range; otherwise what was there. */
function wholeWithin(value: number, min: number, max: number, before: number): number {
  return Number.isInteger(value) && value >= min && value <= max ? value : before;
}
