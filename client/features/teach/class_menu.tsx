import type { TaughtState } from "../../../shared/teach_wire.ts";
import { FileField } from "./file_field.tsx";
import type { TeachModel } from "./model.ts";

/** Properties of the menu. */
export interface ClassMenuProps {
  readonly model: TeachModel;
  readonly taught: TaughtState;
  readonly one: TaughtState["classes"][number];
}

/** What else can be done with a class. */
export function ClassMenu({ model, taught, one: { key, name } }: ClassMenuProps) {
  const others = taught.classes.filter((other) => other.key !== key);
  return (
    <div class="class-actions" role="group" aria-label={`More for ${name}`}>
      <FileField
        folder={false}
        accept="image/*,.heic,.heif,.avif,.webp"
        testid="class-files"
        onFiles={(files) =>
          void model.addFiles(
            files.map(({ file }) => ({ path: file.name, file })),
            key,
          )}
      >
        Add photos…
      </FileField>
      {others.length > 0 && (
        <span class="select">
          <select
            aria-label={`Merge ${name} into another class`}
            value=""
            data-testid="merge"
            onChange={({ currentTarget }) => {
              const into = currentTarget.value;
              currentTarget.value = "";
              if (into !== "") void model.edits.mergeClass(key, into);
            }}
          >
            <option value="">Merge into…</option>
            {others.map((other) => <option key={other.key} value={other.key}>{other.name}</option>)}
          </select>
        </span>
      )}
      <button
        type="button"
        class="button"
        data-testid="remove-class"
        onClick={() => void model.edits.removeClass(key)}
      >
        Delete class
      </button>
    </div>
  );
}
