import { isBlindToClass, type Trust, type TrustVerdict } from "../../../shared/trust.ts";
import { verdictReason, verdictTitle } from "../../../shared/trust_words.ts";
import { percent } from "../../ui/format.ts";
import { CurveFigure } from "./curve.tsx";
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
  const { averageDrop, increased, randomLogits, completeness, verdict } = trust;
  const blind = isBlindToClass(trust);
  return (
    <section class="trust-meters" aria-labelledby="trust-result" data-current={current}>
      <h3 id="trust-result">{method} for {label}</h3>
      {!current && (
        <p class="note-line">Of an earlier picture or view: measure again for the one on the stage.</p>
      )}
      <Verdict verdict={verdict} label={label} />
      <div class="trust-curves">
        <CurveFigure
          curve="deletion"
          trust={trust}
          label={label}
          words="What is marked strongest is taken away first. A quick fall, a small area, is good."
        />
        <CurveFigure
          curve="insertion"
          trust={trust}
          label={label}
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
          {randomLogits === null ? "No dense layer yields the logits: there are no weights to draw." : (
            <>
              With a last layer that has learnt nothing, the map keeps a rank correlation of{" "}
              <span class="number">{randomLogits.toFixed(2)}</span>. {blind
                ? "It would look the same for any class, so it does not explain this one."
                : "It changes with what the network has learnt of its classes, as it should."}
            </>
          )}
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

/** Marks that differ in shape, so that no colour has to be told apart. */
const MARKS: Readonly<Record<TrustVerdict["kind"], string>> = {
  good: "●",
  doubtful: "○",
  "class-independent": "≡",
};

function Verdict({ verdict, label }: { readonly verdict: TrustVerdict; readonly label: string }) {
  const { kind } = verdict;
  return (
    <div class="trust-verdict" data-testid="trust-verdict" data-kind={kind} role="status">
      <VerdictTitle kind={kind} />
      <p>{verdictReason(verdict, label)}</p>
    </div>
  );
}

/** The verdict in a word or two. */
export function VerdictTitle({ kind }: Pick<TrustVerdict, "kind">) {
  return (
    <p
      class="trust-verdict-title"
      {...(kind === "class-independent" ? { "data-testid": "trust-badge" } : {})}
    >
      <span aria-hidden="true">{MARKS[kind]}</span> {verdictTitle({ kind })}
    </p>
  );
}
