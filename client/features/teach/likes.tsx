import type { WhyModel } from "./why_model.ts";

/** What a channel likes to see: the picture that it answers to most, as it grows. */
export function Likes({ model }: { readonly model: WhyModel }) {
  const state = model.feature.state.value;
  switch (state.kind) {
    case "idle":
      return null;
    case "failed":
      return <p role="alert">{state.words}</p>;
    case "running":
    case "done": {
      const { question: { channel, steps }, png } = state;
      return (
        <div class="likes" data-testid="likes" data-state={state.kind}>
          <p class="small">
            What channel {channel}{" "}
            likes to see: a picture made up from noise, which raises it as far as it goes.
          </p>
          {state.kind === "running" && (
            <div class="teach-run">
              <progress max={steps} value={state.step} aria-label="Steps of the visualisation" />
              <button type="button" class="button" onClick={() => model.feature.stop()}>Cancel</button>
            </div>
          )}
          {state.kind === "done" && state.silent && (
            <p class="small">Nothing was found that activates it: the picture shows noise.</p>
          )}
          {png !== null && (
            <img
              class="feature-picture"
              src={`data:image/png;base64,${png}`}
              alt={`What channel ${channel} likes to see`}
            />
          )}
        </div>
      );
    }
    default: {
      const _never: never = state;
      return _never;
    }
  }
}
