import { CircleDot } from "lucide-preact";

/** Properties of the button. */
export interface HoldButtonProps {
  /** The class that is collected. */
  readonly name: string;
  readonly held: boolean;
  /** Its key, for the tooltip; null: it has none. */
  readonly digit: string | null;
  readonly disabled: boolean;
  readonly testid: string;
  readonly onHold: () => void;
  readonly onRelease: () => void;
}

/** Collects pictures for as long as it is held, by pointer, touch or key; assistive technology presses it for one. */
export function HoldButton({ name, held, digit, disabled, testid, onHold, onRelease }: HoldButtonProps) {
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) onHold();
  }

  return (
    <button
      type="button"
      class="button hold"
      title={digit === null ? `Hold to collect ${name}` : `Hold to collect ${name} (${digit})`}
      data-held={held}
      data-testid={testid}
      disabled={disabled}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // The pointer may slip off while the other hand moves the object.
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold();
      }}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onLostPointerCapture={onRelease}
      onKeyDown={onKeyDown}
      onKeyUp={(event) => {
        if (event.key !== " " && event.key !== "Enter") return;
        event.preventDefault();
        onRelease();
      }}
      onBlur={onRelease}
      onContextMenu={(event) => event.preventDefault()}
      onClick={(event) => {
        // A press without pointer or key: one picture.
        if (event.detail > 0 || held) return;
        onHold();
        onRelease();
      }}
    >
      <CircleDot aria-hidden="true" />
      Hold
      <span class="visually-hidden">to collect {name}</span>
    </button>
  );
}
