import { Ellipsis } from "lucide-preact";
import { useSignal } from "@preact/signals";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { ClassMenu } from "./class_menu.tsx";
import { digitOf } from "./class_order.ts";
import { HoldButton } from "./hold_button.tsx";
import type { TeachModel } from "./model.ts";
import { NameField } from "./name_field.tsx";
import { Strip } from "./strip.tsx";
import type { OpenCollection } from "./teach_state.ts";
import { addDropped } from "./use_own_pictures.ts";
import { classCount } from "./words.ts";

/** Properties of the row. */
export interface ClassRowProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
  readonly one: TaughtState["classes"][number];
  /** Its place among the classes, from 0. */
  readonly place: number;
}

/** A class in one line: its name, how many pictures it has, the newest of them, and the button that collects. */
export function ClassRow({ model, open, taught, one, place }: ClassRowProps) {
  const over = useSignal(false);
  const more = useSignal(false);
  const { key, name, pictures } = one;
  const waiting = open.waiting.get(key) ?? 0;
  const digit = digitOf(one, place);
  return (
    <div
      class="class-row"
      data-testid={`class-${place + 1}`}
      data-chosen={open.chosen === key}
      data-over={over.value}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => over.value = false}
      onDrop={(event) => {
        over.value = false;
        void addDropped(model, event, key);
      }}
    >
      <kbd aria-hidden="true">{digit ?? ""}</kbd>
      <div class="class-name">
        <NameField
          label={`Name of class ${place + 1}`}
          name={name}
          testid="class-name"
          onRename={(next) => void model.edits.renameClass(key, next)}
        />
        <span class="number small muted" data-testid="class-count">{classCount(pictures + waiting)}</span>
      </div>
      <Strip model={model} open={open} classKey={key} name={name} />
      <HoldButton
        name={name}
        held={open.held === key}
        digit={digit}
        disabled={taught.pictures >= taught.maxPictures}
        testid="hold"
        onHold={() => model.hold(key)}
        onRelease={() => model.release()}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={`More for ${name}`}
        aria-expanded={more.value}
        title="Add photos, merge, delete"
        data-testid="class-more"
        onClick={() => more.value = !more.value}
      >
        <Ellipsis aria-hidden="true" />
      </button>
      {more.value && <ClassMenu model={model} taught={taught} one={one} />}
    </div>
  );
}
