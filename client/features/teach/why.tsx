import { useEffect, useMemo } from "preact/hooks";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { HeadChoice } from "./head_choice.tsx";
import { HeadDrawing } from "./head_drawing.tsx";
import type { TeachModel } from "./model.ts";
import type { OpenCollection } from "./teach_state.ts";
import { WhyModel, type WhyPorts } from "./why_model.ts";

/** Properties of the part. */
export interface WhyPartProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
  readonly ports: Omit<WhyPorts, "subject">;
  readonly onCompare: () => void;
}

/** The part "Why": which head decides, and the head itself, drawn with what the picture of now does in it. */
export function WhyPart({ model, open, taught, ports, onCompare }: WhyPartProps) {
  const why = useMemo(() =>
    new WhyModel({
      ...ports,
      subject() {
        const now = model.open?.taught ?? null;
        return now === null || now.headRevision === 0
          ? null
          : { id: now.id, base: now.base.id, kind: now.kind, headRevision: now.headRevision };
      },
    }), [open.id]);
  useEffect(() => () => why.dispose(), [why]);
  return (
    <>
      <HeadChoice
        taught={taught}
        onChoose={(kind) => void model.edits.setKind(kind)}
        onCompare={onCompare}
      />
      {taught.headRevision === 0
        ? <p class="muted">Here it is drawn as soon as two classes are learned.</p>
        : <HeadDrawing model={why} collection={open.id} />}
    </>
  );
}
