import { Download, FolderOpen } from "lucide-preact";
import { useSignal } from "@preact/signals";
import type { TaughtList } from "../../../shared/teach_wire.ts";
import { DeleteForGood } from "../../ui/delete_for_good.tsx";
import { fileSize } from "../../ui/format.ts";
import { FileField } from "./file_field.tsx";
import type { TeachModel } from "./model.ts";
import { NameField } from "./name_field.tsx";
import { exportUrl } from "./server.ts";
import { filesOfDrop } from "./use_own_pictures.ts";
import { pictureCount } from "./words.ts";

/** Properties of the part. */
export interface SavedProps {
  readonly model: TeachModel;
  readonly list: TaughtList;
  /** Id of the collection that is open, or null. */
  readonly openId: string | null;
}

/** The part "Saved": every collection of the server, and how another one is begun or imported. */
export function Saved({ model, list, openId }: SavedProps) {
  return (
    <section class="saved" aria-label="Saved collections" data-testid="saved">
      <ul class="saved-list">
        {list.taught.map((one) => (
          <SavedLine
            key={one.id}
            model={model}
            one={one}
            open={one.id === openId}
          />
        ))}
      </ul>
      {list.taught.length > 0 && (
        <p class="muted small">
          {fileSize(list.usedBytes)} of {fileSize(list.maxBytes)}{" "}
          on the server’s disk. What is kept survives a restart.
        </p>
      )}
      {openId !== null && (
        <button
          type="button"
          class="button"
          data-testid="teach-new"
          onClick={() => void model.begin()}
        >
          Teach something else
        </button>
      )}
      <Import model={model} />
    </section>
  );
}

function SavedLine({ model, one, open }: {
  readonly model: TeachModel;
  readonly one: TaughtList["taught"][number];
  readonly open: boolean;
}) {
  const { id, name, classes, pictures, bytes, learned } = one;
  const facts = `${classes} ${classes === 1 ? "class" : "classes"}, ${pictureCount(pictures)}, ${
    fileSize(bytes)
  }`;
  return (
    <li class="saved-line" data-testid="saved-line">
      <div>
        <NameField
          label="Name of the collection"
          name={name}
          testid="collection-name"
          onRename={(next) => void model.rename(id, next)}
        />
        <p class="muted small">
          {facts}
          {learned ? "" : ", not learned yet"}
          {open && ", open now"}
        </p>
      </div>
      <div class="class-actions">
        {!open && (
          <button
            type="button"
            class="button"
            data-testid="open-saved"
            onClick={() => model.openCollection(id)}
          >
            <FolderOpen aria-hidden="true" /> Open
          </button>
        )}
        {learned && (
          <a class="button" href={exportUrl(id, false)} download data-testid="export-model">
            <Download aria-hidden="true" /> Export model
          </a>
        )}
        <a class="button" href={exportUrl(id, true)} download data-testid="export-all">
          <Download aria-hidden="true" /> With pictures
        </a>
        <DeleteForGood
          question={`Delete “${name}” with its ${pictureCount(pictures)} for good?`}
          testid="delete-saved"
          onDelete={() => void model.remove(id)}
        />
      </div>
    </li>
  );
}

function Import({ model }: { readonly model: TeachModel }) {
  const over = useSignal(false);
  return (
    <div
      class="model-drop"
      data-over={over.value}
      data-testid="teach-import"
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        over.value = true;
      }}
      onDragLeave={() => over.value = false}
      onDrop={(event) => {
        over.value = false;
        void filesOfDrop(event).then((files) => files.length === 0 ? undefined : model.importFiles(files));
      }}
    >
      <p>Import what was exported here: the ZIP file, or the folder that it was unpacked into.</p>
      <div class="class-actions">
        <FileField
          folder={false}
          accept=".zip"
          testid="import-file"
          onFiles={(files) => void model.importFiles(files)}
        >
          Choose a ZIP file…
        </FileField>
        <FileField folder testid="import-folder" onFiles={(files) => void model.importFiles(files)}>
          Choose a folder…
        </FileField>
      </div>
    </div>
  );
}
