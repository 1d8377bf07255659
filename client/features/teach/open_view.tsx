import { Undo2 } from "lucide-preact";
import type { TaughtList, TaughtState } from "../../../shared/teach_wire.ts";
import { Check } from "./check.tsx";
import { Collect } from "./collect.tsx";
import type { TeachModel } from "./model.ts";
import { PartTabs } from "./part_tabs.tsx";
import { ReviewView } from "./review.tsx";
import { Saved } from "./saved.tsx";
import { StatusLine } from "./status_line.tsx";
import { type OpenCollection, shownWarnings } from "./teach_state.ts";
import { WhyPart, type WhyPartProps } from "./why.tsx";

/** Properties of the view. */
export interface OpenViewProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly list: TaughtList;
  /** Id of the model that is shown or waited for, or null. */
  readonly shown: string | null;
  readonly why: WhyPartProps["ports"];
  /** What the model that is shown says of the picture of now, in words, or null; reads a signal. */
  readonly saying: () => string | null;
  readonly onCompare: (taught: TaughtState) => void;
}

/** The collection that is open: its parts, and how learning stands. */
export function OpenView(props: OpenViewProps) {
  const { model, open, shown, saying } = props;
  const { taught, problem } = open;
  if (taught === null) {
    return (
      <p class="muted" role="status">{problem === null ? "Opening…" : `${problem} It is tried again.`}</p>
    );
  }
  return (
    <>
      <div class="teach-head">
        <PartTabs
          part={open.part}
          warnings={shownWarnings(taught).length}
          onShow={(part) => model.show(part)}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={taught.undo === null ? "Undo" : `Undo: ${taught.undo}`}
          title={taught.undo === null ? "Nothing to undo (Z)" : `Undo: ${taught.undo} (Z)`}
          disabled={taught.undo === null}
          data-testid="undo"
          onClick={() => void model.edits.undo()}
        >
          <Undo2 aria-hidden="true" />
        </button>
      </div>
      {problem !== null && <p class="warn small" role="alert">{problem} It is tried again.</p>}
      <StatusLine
        taught={taught}
        shown={shown === taught.id}
        saying={saying}
        onUse={() => model.use()}
      />
      <div
        class="teach-part"
        id="teach-part"
        role="tabpanel"
        aria-labelledby={`part-${open.part}`}
        tabIndex={-1}
        data-testid={`part-${open.part}`}
      >
        <PartView {...props} taught={taught} />
      </div>
    </>
  );
}

function PartView(
  { model, open, list, why, taught, onCompare }: OpenViewProps & { readonly taught: TaughtState },
) {
  if (open.review !== null) {
    return <ReviewView model={model} open={open} taught={taught} review={open.review} />;
  }
  switch (open.part) {
    case "collect":
      return <Collect model={model} open={open} taught={taught} />;
    case "why":
      return (
        <WhyPart
          model={model}
          open={open}
          taught={taught}
          ports={why}
          onCompare={() => onCompare(taught)}
        />
      );
    case "check":
      return <Check model={model} open={open} taught={taught} />;
    case "saved":
      return <Saved model={model} list={list} openId={open.id} />;
    default: {
      const _never: never = open.part;
      return _never;
    }
  }
}
