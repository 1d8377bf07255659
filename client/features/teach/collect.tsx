import { Plus } from "lucide-preact";
import type { TaughtState } from "../../../shared/teach_wire.ts";
import { ClassList } from "./class_list.tsx";
import { FileField } from "./file_field.tsx";
import type { TeachModel } from "./model.ts";
import type { OpenCollection } from "./teach_state.ts";

/** Properties of the part. */
export interface CollectProps {
  readonly model: TeachModel;
  readonly open: OpenCollection;
  readonly taught: TaughtState;
}

/** The part "Collect": the classes, each with the button that collects. */
export function Collect({ model, open, taught }: CollectProps) {
  const { adding } = open;
  return (
    <>
      <ClassList model={model} open={open} taught={taught} />
      {adding !== null && (
        <div class="teach-run">
          <progress max={adding.of} value={adding.done} aria-label="Files that are added" />
          <span class="number small">{adding.done} of {adding.of}</span>
          <button
            type="button"
            class="button"
            onClick={() => model.stopAdding()}
          >
            Stop
          </button>
        </div>
      )}
      {taught.pictures >= taught.maxPictures && (
        <p class="warn" role="alert">
          The collection is full: {taught.maxPictures.toLocaleString("en")}{" "}
          pictures. Delete some to take others.
        </p>
      )}
      <div class="class-actions">
        <button
          type="button"
          class="button"
          data-testid="add-class"
          onClick={() => void model.edits.addClass()}
        >
          <Plus aria-hidden="true" /> Add a class
        </button>
        <FileField
          folder
          testid="class-folders"
          onFiles={(files) => void model.addFiles(files, open.chosen)}
        >
          Folders of pictures…
        </FileField>
      </div>
      <p class="muted small">
        Move the object about while you hold its button. Press a name to change it. By keys: hold{" "}
        <kbd>1</kbd>…<kbd>9</kbd>, or <kbd>space</kbd> for the class that was held last; <kbd>z</kbd>{" "}
        undoes. Photos and folders can be dropped here, photos pasted.
      </p>
    </>
  );
}
