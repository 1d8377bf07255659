import { Square, TriangleAlert } from "lucide-preact";
import { type ClassClues, isNothing, type TaughtState } from "../../../shared/teach_wire.ts";
import { CluePicture } from "./clue_picture.tsx";
import type { TeachModel } from "./model.ts";
import type { OpenCollection } from "./teach_state.ts";

/** Properties of the view. */
export interface CluesViewProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
}

/** The check for spurious clues: where the object is, and how much of the evidence lies elsewhere. */
export function CluesView({ model, open, taught }: CluesViewProps) {
  const { clues } = open;
  return (
    <>
      <p class="muted small">
        Two things may be told apart by what is around them, such as the table below. Draw a box around the
        object in one picture of each class: the check says how much of the evidence lies outside it. Without
        a box, what moves in the pictures counts as the object.
      </p>
      <ul class="box-list">
        {taught.classes.filter((one) => one.pictures > 0 && !isNothing(one)).map(({ key, name, box }) => (
          <li key={key}>
            <span>{name}</span>
            <span class="muted small">{box === null ? "no box: what moves" : "box drawn"}</span>
            <button
              type="button"
              class="button"
              data-testid="draw-box"
              onClick={() =>
                model.drawBox(key)}
            >
              <Square aria-hidden="true" /> {box === null ? "Draw a box" : "Change the box"}
              <span class="visually-hidden">of {name}</span>
            </button>
          </li>
        ))}
      </ul>
      {clues.kind === "running"
        ? (
          <div class="teach-run">
            <progress max={1} value={clues.share} aria-label="Share of the pictures that is looked at" />
            <button type="button" class="button" onClick={() => model.stopChecking()}>Cancel</button>
          </div>
        )
        : (
          <button
            type="button"
            class="button primary"
            data-testid="check-clues"
            disabled={taught.headRevision === 0}
            onClick={() => void model.checkClues()}
          >
            {clues.kind === "done" ? "Check again" : "Check what it looks at"}
          </button>
        )}
      {clues.kind === "failed" && <p role="alert">{clues.words}</p>}
      {clues.kind === "done" && (
        <div class="clues" data-testid="clues">
          {clues.headRevision !== taught.headRevision && (
            <p class="note-line">It has learned again since: check again.</p>
          )}
          <p class="clue-sentence">{clues.clues.words}</p>
          {clues.clues.classes.map((one) => <ClassLines key={one.key} collection={open.id} one={one} />)}
        </div>
      )}
    </>
  );
}

function ClassLines({ collection, one }: { readonly collection: string; readonly one: ClassClues }) {
  const { name, words, suspicious, worst } = one;
  return (
    <section class="clue-class" data-suspicious={suspicious} aria-label={name}>
      <p>
        {suspicious && <TriangleAlert aria-hidden="true" />}
        {words}
      </p>
      {suspicious && (
        <p class="muted small">
          Collect pictures of it in other places, so that nothing but the object stays the same.
        </p>
      )}
      {worst.length > 0 && (
        <ul class="clue-pictures" aria-label={`Pictures of ${name} where most lies outside`}>
          {worst.map((picture) => (
            <CluePicture key={picture.picture} collection={collection} name={name} clue={picture} />
          ))}
        </ul>
      )}
    </section>
  );
}
