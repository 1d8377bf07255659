import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { FileInput } from "../../ui/file_input.tsx";
import { type ChosenModel, chosenModel, droppedModel } from "./model_files.ts";

/** Properties of the field. */
export interface DropFieldProps {
  readonly onModel: (model: ChosenModel) => void;
  readonly onProblem: (words: string) => void;
}

/** Where a model is dropped, or chosen as files or as a folder. */
export function DropField({ onModel, onProblem }: DropFieldProps) {
  const over = useSignal(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  function take(model: ChosenModel | null): void {
    if (model === null || model.files.length === 0) {
      onProblem("There is no file in it. Choose the model’s file or folder.");
    } else onModel(model);
  }

  function onDrop(event: DragEvent): void {
    // The page itself would open it as a photo.
    event.preventDefault();
    event.stopPropagation();
    over.value = false;
    const { dataTransfer } = event;
    if (dataTransfer === null) return;
    droppedModel(dataTransfer).then(
      take,
      () => onProblem("The files could not be read. Choose them with the button."),
    );
  }

  return (
    <div
      class="model-drop"
      data-over={over.value}
      data-testid="model-drop"
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        over.value = true;
      }}
      onDragLeave={() => over.value = false}
      onDrop={onDrop}
    >
      <p>Drop a model here: an ONNX, .keras or .h5 file, or the folder of a TensorFlow.js Layers model.</p>
      <p class="muted small">
        It is sent to this server and kept in its data folder. Class names beside it (labels.txt) come along.
      </p>
      <div class="model-actions">
        <button type="button" class="button primary" onClick={() => files.current?.click()}>
          Choose files…
        </button>
        <button type="button" class="button" onClick={() => folder.current?.click()}>Choose a folder…</button>
      </div>
      <FileInput
        field={files}
        testid="model-files"
        choose="files"
        onFiles={(list) => take(chosenModel(list))}
      />
      <FileInput
        field={folder}
        testid="model-folder"
        choose="folder"
        onFiles={(list) => take(chosenModel(list))}
      />
    </div>
  );
}
