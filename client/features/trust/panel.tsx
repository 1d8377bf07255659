/** The panel "Trust": how far the map on the stage can be believed. */
import { useEffect, useMemo } from "preact/hooks";
import { percent } from "../../ui/format.ts";
import { Meters, VerdictTitle } from "./meters.tsx";
import { TrustModel, type TrustPorts } from "./model.ts";

/** The panel's content. */
export function Panel(ports: TrustPorts) {
  const { source, board } = ports;
  const model = useMemo(() => new TrustModel(ports), [source]);
  useEffect(() => () => model.cancel(), [model]);
  const state = model.state.value;
  // Read here, so that the button's words follow.
  const moving = source.kind.value.kind !== "none" && !source.frozen.value && !source.isStill();
  return (
    <div class="trust" data-testid="trust" data-state={state.kind}>
      {state.kind === "done" && (
        <Meters subject={state.subject} trust={state.trust} current={model.isCurrent(state.subject)} />
      )}
      {state.kind === "failed" && <p role="alert">{state.words}</p>}
      {state.kind !== "done" && (
        <p class="muted">
          A map is a claim about the network. These meters change the picture where the map points, and the
          network where the class is decided, and look whether the claim holds.
        </p>
      )}
      <Controls model={model} moving={moving} ready={board.value.target !== null} />
    </div>
  );
}

function Controls(
  { model, moving, ready }: {
    readonly model: TrustModel;
    /** Whether the picture moves, so that it has to be frozen first. */
    readonly moving: boolean;
    /** Whether there is a map to measure. */
    readonly ready: boolean;
  },
) {
  const state = model.state.value;
  const { method } = model;
  if (method?.subject === "network") {
    return (
      <>
        {!model.isAboutClass && <VerdictTitle kind="class-independent" />}
        <p>
          {method.name}{" "}
          shows the network itself, not positions in the picture: choose another method to measure.
        </p>
      </>
    );
  }
  if (state.kind === "running") {
    return (
      <div class="trust-run">
        <progress max="1" value={state.share} aria-label="Share of the meters that is done" />
        <span class="number">{percent(state.share)}</span>
        <button type="button" class="button" onClick={() => model.cancel()}>Cancel</button>
      </div>
    );
  }
  return (
    <button
      type="button"
      class="button primary"
      disabled={!ready}
      data-testid="trust-start"
      onClick={() => model.start()}
    >
      {moving ? "Freeze and measure" : state.kind === "done" ? "Measure again" : "Measure"}
    </button>
  );
}
