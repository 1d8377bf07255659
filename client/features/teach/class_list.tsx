import { useSignal } from "@preact/signals";
import { isNothing, type TaughtState } from "../../../shared/teach_wire.ts";
import { ClassRow } from "./class_row.tsx";
import type { TeachModel } from "./model.ts";
import type { OpenCollection } from "./teach_state.ts";

/** Properties of the list. */
export interface ClassListProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
}

/** The classes: own ones at once, "nothing in particular" folded below them until it has pictures. */
export function ClassList({ model, open, taught }: ClassListProps) {
  const rows = { model, open, taught };
  return (
    <ul class="class-rows" data-testid="classes">
      {taught.classes.map((one, place) => (
        <li key={one.key}>
          {isNothing(one)
            ? <NothingRow {...rows} one={one} place={place} />
            : <ClassRow {...rows} one={one} place={place} />}
        </li>
      ))}
    </ul>
  );
}

/** Properties of the folded row. */
interface NothingRowProps extends ClassListProps {
  readonly one: TaughtState["classes"][number];
  readonly place: number;
}

function NothingRow(props: NothingRowProps) {
  const { one: { name, pictures } } = props;
  const unfolded = useSignal(pictures > 0);
  return (
    <details
      class="fold"
      data-testid="nothing"
      open={unfolded.value}
      onToggle={({ currentTarget }) => unfolded.value = currentTarget.open}
    >
      <summary>Optional: {name}</summary>
      <p class="muted small">
        Collect what the camera sees without your things. Without it, one of them is always named.
      </p>
      <ClassRow {...props} />
    </details>
  );
}
