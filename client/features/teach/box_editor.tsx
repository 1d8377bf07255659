import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { percent } from "../../ui/format.ts";
import { boxBetween, boxStyle, FIRST_BOX, type Place, type Side, sideOf, SIDES, withSide } from "./box.ts";
import type { TeachModel } from "./model.ts";
import { pictureUrl } from "./server.ts";
import type { OpenCollection } from "./teach_state.ts";

/** What the sides are called. */
const SIDE_NAMES: Readonly<Record<Side, string>> = {
  left: "Left side",
  right: "Right side",
  top: "Upper side",
  bottom: "Lower side",
};

/** Properties of the editor. */
export interface BoxEditorProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly one: TaughtState["classes"][number];
}

/** Where the object of a class stands: dragged over its newest picture, or set side by side. */
export function BoxEditor({ model, open, one: { key, name, box, cover } }: BoxEditorProps) {
  const drawn = useSignal(box ?? FIRST_BOX);
  const from = useRef<Place | null>(null);
  const placeOf = ({ currentTarget, clientX, clientY }: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  const close = () => model.drawBox(null);
  return (
    <section class="box-editor" aria-labelledby="box-title" data-testid="box-editor">
      <h3 id="box-title">Where is {name}?</h3>
      <p class="muted small">Drag a box around it. It counts for all pictures of the class.</p>
      <div
        class="box-frame"
        data-testid="box-frame"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = placeOf(event);
        }}
        onPointerMove={(event) => {
          if (from.current !== null) drawn.value = boxBetween(from.current, placeOf(event));
        }}
        onPointerUp={() => from.current = null}
        onPointerCancel={() => from.current = null}
      >
        {cover !== null && (
          <img src={pictureUrl(open.id, cover)} alt={`The newest picture of ${name}`} draggable={false} />
        )}
        <span class="box-shade" style={boxStyle(drawn.value)} />
      </div>
      <details class="fold">
        <summary>Set it by its sides</summary>
        {SIDES.map((side) => (
          <label key={side} class="slider">
            <span>{SIDE_NAMES[side]}</span>
            <input
              type="range"
              min={0}
              max={1}
              step={0.01}
              value={sideOf(drawn.value, side)}
              onInput={({ currentTarget }) =>
                drawn.value = withSide(drawn.value, side, currentTarget.valueAsNumber)}
            />
            <output class="number">{percent(sideOf(drawn.value, side))}</output>
          </label>
        ))}
      </details>
      <div class="class-actions">
        <button
          type="button"
          class="button primary"
          data-testid="keep-box"
          onClick={() => {
            void model.edits.setBox(key, drawn.value);
            close();
          }}
        >
          Use this box
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            void model.edits.setBox(key, null);
            close();
          }}
        >
          Use what moves
        </button>
        <button type="button" class="button" onClick={close}>Cancel</button>
      </div>
    </section>
  );
}
