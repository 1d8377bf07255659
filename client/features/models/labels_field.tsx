import { useSignal } from "@preact/signals";
import { countProblem, readLabels } from "./labels_text.ts";

/** Largest file of class names that is read, in bytes. */
const MAX_LABELS_BYTES = 2_000_000;

/** Properties of the field. */
export interface LabelsFieldProps {
  /** Classes of the model. */
  readonly classes: number;
  readonly disabled: boolean;
  readonly onLabels: (labels: readonly string[]) => void;
}

/** The names of the classes, pasted or dropped; they are counted, and the first and the last are shown. */
export function LabelsField({ classes, disabled, onLabels }: LabelsFieldProps) {
  const text = useSignal("");
  const read = readLabels(text.value);
  const labels = read.kind === "read" ? read.labels : [];
  const problem = read.kind === "read" ? countProblem(labels, classes) : null;

  function onDrop(event: DragEvent): void {
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined || file.size > MAX_LABELS_BYTES) return;
    event.preventDefault();
    event.stopPropagation();
    void file.text().then((content) => text.value = content);
  }

  return (
    <div class="model-field">
      <label>
        <span>Names of the classes, one a line or as JSON: paste them, or drop the file here</span>
        <textarea
          rows={4}
          spellcheck={false}
          value={text.value}
          disabled={disabled}
          data-testid="model-labels"
          onInput={(event) => text.value = event.currentTarget.value}
          onDragOver={(event) => event.stopPropagation()}
          onDrop={onDrop}
        />
      </label>
      {read.kind === "read" && (
        <p class={problem === null ? "muted small" : "warn small"} role="status" data-testid="labels-check">
          {problem ??
            `${labels.length.toLocaleString("en")} names, from “${labels[0]}” to “${labels.at(-1)}”`}
        </p>
      )}
      <button
        type="button"
        class="button"
        disabled={disabled || read.kind === "none" || problem !== null}
        data-testid="use-labels"
        onClick={() => {
          onLabels(labels);
          text.value = "";
        }}
      >
        Use these names
      </button>
    </div>
  );
}
