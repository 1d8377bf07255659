import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { MAX_CLIP_NAME_CHARS } from "../../../shared/clips.ts";

/** Properties of the name. */
interface ClipNameProps {
  readonly name: string;
  /** Whether the field is open. */
  readonly renaming: Signal<boolean>;
  readonly onRename: (name: string) => void;
}

/** A clip's name, or the field that changes it. */
export function ClipName(props: ClipNameProps) {
  return props.renaming.value ? <NameField {...props} /> : <h3>{props.name}</h3>;
}

function NameField({ name: before, renaming, onRename }: ClipNameProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const end = () => renaming.value = false;
  return (
    <form
      class="clip-rename"
      onSubmit={(event) => {
        event.preventDefault();
        const name = field.current?.value.trim() ?? "";
        if (name !== "" && name !== before) onRename(name);
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
        aria-label={`New name of ${before}`}
        maxLength={MAX_CLIP_NAME_CHARS}
        defaultValue={before}
        data-testid="clip-name"
      />
      <button type="submit" class="button">Rename</button>
    </form>
  );
}
