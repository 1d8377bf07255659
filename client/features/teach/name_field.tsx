import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Properties of the field. */
export interface NameFieldProps {
  /** What is named, for screen readers. */
  readonly label: string;
  readonly name: string;
  readonly testid: string;
  readonly onRename: (name: string) => void;
}

/** A name that can be changed where it stands: Enter or leaving the field keeps it, Escape does not. */
export function NameField({ label, name, testid, onRename }: NameFieldProps) {
  const text = useSignal(name);
  useEffect(() => {
    text.value = name;
  }, [name]);

  function keep(): void {
    const next = text.value.trim();
    if (next === "") text.value = name;
    else if (next !== name) onRename(next);
  }

  return (
    <input
      type="text"
      class="name-field"
      aria-label={label}
      maxLength={120}
      value={text.value}
      data-testid={testid}
      onInput={({ currentTarget }) => text.value = currentTarget.value}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key !== "Escape") return;
        event.stopPropagation();
        text.value = name;
        event.currentTarget.blur();
      }}
    />
  );
}
