/** The view "Trust": how far the map on the stage can be believed. */
import { useEffect, useMemo } from "preact/hooks";
import { isBlindToClass, type Trust } from "../../../shared/trust.ts";
import type { Page } from "../../app/page.ts";
import { percent } from "../../ui/format.ts";
import { Curve } from "./curve.tsx";
import { createTrust, type TrustModel } from "./model.ts";
import type { Subject } from "./trust_state.ts";

/** The drawer's content. */
export function Drawer({ page }: { readonly page: Page }) {
  const model = useMemo(() => createTrust(page), [page]);
  useEffect(() => () => model.dispose(), [model]);
  const state = model.state.value;
  return (
    <div class="trust" data-testid="trust" data-state={state.kind}>
      <p class="muted">
        A map is a claim about the network. These meters change the picture where the map points, and the
        network where the class is decided, and look whether the claim holds.
      </p>
      <Controls page={page} model={model} />
      {state.kind === "failed" && <p role="alert">{state.words}</p>}
      {state.kind === "done" && (
        <Meters subject={state.subject} trust={state.trust} current={model.isCurrent(state.subject)} />
      )}
    </div>
  );
}

function Controls({ page, model }: { readonly page: Page; readonly model: TrustModel }) {
  const state = model.state.value;
  const method = page.session.welcome.value?.methods
    .find(({ id }) => id === page.session.view.value.current.method);
  if (method?.subject === "network") {
    return (
      <p>
        {method.name} shows the network itself, not places of the picture: choose another method to measure.
      </p>
    );
  }
  if (state.kind === "running") {
    return (
      <div class="trust-run">
        <progress
          max="1"
          value={state.share}
          aria-label="Share of the meters that is done"
        />
        <span class="number">{percent(state.share)}</span>
        <button type="button" class="button" onClick={() => model.cancel()}>Cancel</button>
      </div>
    );
  }
  // Read here, so that the button's words follow.
  const moving = page.source.kind.value.kind !== "none" && !page.source.frozen.value &&
    !page.source.isStill();
  const ready = page.session.board.state.value.target !== null;
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

function Meters(
  { subject: { method, label, scoreUnit }, trust, current }: {
    readonly subject: Subject;
    readonly trust: Trust;
    readonly current: boolean;
  },
) {
  const { deletion, insertion, averageDrop, increased, randomLogits, completeness } = trust;
  const blind = isBlindToClass(trust);
  return (
    <section class="trust-meters" aria-labelledby="trust-result" data-current={current}>
      <h3 id="trust-result">{method} for {label}</h3>
      {!current && (
        <p class="note-line">Of an earlier picture or view: measure again for the one on the stage.</p>
      )}
      {blind && <p class="badge" data-testid="trust-badge">Does not depend on the class</p>}
      <div class="trust-curves">
        <Curve
          name="Deletion"
          curve={deletion}
          words="What is marked strongest is taken away first. A quick fall, a small area, is good."
        />
        <Curve
          name="Insertion"
          curve={insertion}
          words="It is put back into a blurred picture first. A quick rise, a large area, is good."
        />
      </div>
      <dl>
        <dt>Average drop</dt>
        <dd>
          {increased
            ? `With only what is marked left to see, ${label} gets more probable: the map holds what counts.`
            : `With only what is marked left to see, ${label} loses ${
              percent(averageDrop)
            } of its probability. The less, the more complete the map.`}
        </dd>
        <dt>Random logits</dt>
        <dd>
          With a last layer that has learnt nothing, the map keeps a rank correlation of{" "}
          <span class="number">{randomLogits.toFixed(2)}</span>. {blind
            ? "It would look the same for any class, so it does not explain this one."
            : "It changes with what the network has learnt of its classes, as it should."}
        </dd>
        {completeness !== null && (
          <>
            <dt>Completeness</dt>
            <dd>
              The map adds up to the score but for <span class="number">{completeness.toFixed(3)}</span>{" "}
              {scoreUnit}. The nearer to 0, the more exact.
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
