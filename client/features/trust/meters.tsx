import { isBlindToClass, type Trust } from "../../../shared/trust.ts";
import { percent } from "../../ui/format.ts";
import { Curve } from "./curve.tsx";
import type { Subject } from "./trust_state.ts";

/** Properties of the meters. */
export interface MetersProps {
  readonly subject: Subject;
  readonly trust: Trust;
  /** Whether they are those of the map that is shown now. */
  readonly current: boolean;
}

/** The meters of a map, each with what it says. */
export function Meters({ subject: { method, label, scoreUnit }, trust, current }: MetersProps) {
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
