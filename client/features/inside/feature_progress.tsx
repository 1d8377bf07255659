import type { FeatureState } from "../../http/feature.ts";

/** How far a visualisation is, and its picture so far; nothing before it is begun. */
export function FeatureProgress({ state }: { readonly state: FeatureState }) {
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
