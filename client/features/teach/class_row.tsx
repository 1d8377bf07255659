import { Ellipsis } from "lucide-preact";
import { useSignal } from "@preact/signals";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { ClassMenu } from "./class_menu.tsx";
import { HoldButton } from "./hold_button.tsx";
import type { TeachModel } from "./model.ts";
import { NameField } from "./name_field.tsx";
import { pictureUrl } from "./server.ts";
import type { OpenCollection } from "./teach_state.ts";
import { addDropped } from "./use_own_pictures.ts";
import { pictureCount } from "./words.ts";

/** Newest pictures that the strip of a class shows. */
const STRIP = 4;

/** Classes that have a digit. */
const DIGITS = 9;

/** Properties of the row. */
export interface ClassRowProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
  readonly one: TaughtState["classes"][number];
  /** Its place among the classes, from 0. */
  readonly place: number;
}

/** A class: its name, the button that collects, how many pictures it has, and the newest of them. */
export function ClassRow({ model, open, taught, one, place }: ClassRowProps) {
  const over = useSignal(false);
  const more = useSignal(false);
  const { key, name, pictures } = one;
  const held = open.held === key;
  const waiting = open.waiting.get(key) ?? 0;
  const digit = place < DIGITS ? place + 1 : null;
  return (
    <li
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
      <div class="class-head">
        <kbd aria-hidden="true">{digit ?? ""}</kbd>
        <NameField
          label={`Name of class ${place + 1}`}
          name={name}
          testid="class-name"
          onRename={(next) => void model.edits.renameClass(key, next)}
        />
        <span class="number small muted" data-testid="class-count">
          {pictureCount(pictures + waiting)}
        </span>
        <button
          type="button"
          class="icon-button"
          aria-label={`More for ${name}`}
          aria-expanded={more.value}
          title="More"
          data-testid="class-more"
          onClick={() => more.value = !more.value}
        >
          <Ellipsis aria-hidden="true" />
        </button>
      </div>
      {more.value && <ClassMenu model={model} taught={taught} one={one} />}
      <div class="class-hold">
        <HoldButton
          name={name}
          held={held}
          digit={digit}
          disabled={taught.pictures >= taught.maxPictures}
          testid="hold"
          onHold={() => model.hold(key)}
          onRelease={() => model.release()}
        />
        <Strip model={model} open={open} classKey={key} name={name} />
      </div>
    </li>
  );
}

function Strip({ model, open, classKey, name }: {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly classKey: string;
  readonly name: string;
}) {
  const newest = open.pictures.filter((picture) => picture.class === classKey).slice(-STRIP).toReversed();
  if (newest.length === 0) return null;
  return (
    <button
      type="button"
      class="strip"
      aria-label={`See all pictures of ${name}`}
      title="See all pictures"
      data-testid="strip"
      onClick={() => model.review({ kind: "class", classKey })}
    >
      {newest.map(({ id }) => <img key={id} src={pictureUrl(open.id, id)} alt="" width={40} height={40} />)}
    </button>
  );
}
