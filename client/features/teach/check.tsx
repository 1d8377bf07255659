import type { TaughtState } from "../../../shared/teach_wire.ts";
import { Confusion } from "../../plots/mod.ts";
import { BoxEditor } from "./box_editor.tsx";
import { CluesView } from "./clues.tsx";
import type { TeachModel } from "./model.ts";
import { type OpenCollection, shownWarnings } from "./teach_state.ts";
import { Warnings } from "./warnings.tsx";
import { accuracyWords } from "./words.ts";

/** Properties of the part. */
export interface CheckProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
}

/** The part "Check": what may be wrong, which class is taken for which, and what it decides by. */
export function Check({ model, open, taught }: CheckProps) {
  const { confusion } = taught;
  const warnings = shownWarnings(taught);
  const boxed = taught.classes.find(({ key }) => key === open.boxing);
  if (boxed !== undefined) return <BoxEditor key={boxed.key} model={model} open={open} one={boxed} />;
  return (
    <>
      <section aria-labelledby="check-pictures">
        <h3 id="check-pictures">The pictures</h3>
        {warnings.length === 0
          ? <p class="muted">{taught.headRevision === 0 ? "Not checked yet." : "Nothing stands out."}</p>
          : <Warnings model={model} warnings={warnings} />}
      </section>
      <section aria-labelledby="check-confusion">
        <h3 id="check-confusion">Which class is taken for which</h3>
        <p class="small">{accuracyWords(taught, taught.kind)}</p>
        {confusion === null
          ? <p class="muted">It is filled in as soon as two classes are learned.</p>
          : (
            <Confusion
              classes={confusion.keys.map((key) => nameOf(taught, key))}
              counts={confusion.counts}
              many="pictures"
              onCell={(actual, predicted) => {
                const [classKey, said] = [confusion.keys[actual], confusion.keys[predicted]];
                if (classKey !== undefined && said !== undefined) {
                  model.review({
                    kind: "cell",
                    classKey,
                    said,
                  });
                }
              }}
            />
          )}
      </section>
      <section aria-labelledby="check-clues">
        <h3 id="check-clues">What it looks at</h3>
        <CluesView model={model} open={open} taught={taught} />
      </section>
    </>
  );
}

function nameOf({ classes }: TaughtState, key: string): string {
  return classes.find((one) => one.key === key)?.name ?? key;
}
