import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { MAX_CLIP_NAME_CHARS } from "../../../shared/clips.ts";
import type { ClipsModel } from "./model.ts";
import type { Entry } from "./entries.ts";

/** What renames a clip. */
interface Renaming {
  readonly model: ClipsModel;
  readonly entry: Entry;
  readonly renaming: Signal<boolean>;
}

/** A clip's name, or the field that changes it. */
export function ClipName(props: Renaming) {
  return props.renaming.value ? <NameField {...props} /> : <h3>{props.entry.name}</h3>;
}

function NameField({ model, entry, renaming }: Renaming) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const end = () => renaming.value = false;
  return (
    <form
      class="clip-rename"
      onSubmit={(event) => {
        event.preventDefault();
        const name = field.current?.value.trim() ?? "";
        if (name !== "" && name !== entry.name) model.rename(entry, name);
        end();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // It ends the renaming alone, not the view.
        event.stopPropagation();
        end();
      }}
    >
      <input
        ref={field}
        type="text"
        aria-label={`New name of ${entry.name}`}
        maxLength={MAX_CLIP_NAME_CHARS}
        defaultValue={entry.name}
        data-testid="clip-name"
      />
      <button type="submit" class="button">Rename</button>
    </form>
  );
}
