import type { Signal } from "@preact/signals";
import { Maximize2, Minimize2, SlidersHorizontal, X } from "lucide-preact";

/** One line for each part, so that none is cut for another. */
export function PaneTitle({ title }: { readonly title: readonly string[] }) {
  return (
    <h3 title={title.join(" · ")}>
      {title.map((part, line) => <span key={line} class={line === 0 ? undefined : "muted"}>{part}</span>)}
    </h3>
  );
}

/** Properties of the button that enlarges a pane. */
export interface EnlargeButtonProps {
  readonly id: number;
  readonly title: readonly string[];
  /** The pane that is enlarged, or null. */
  readonly enlarged: Signal<number | null>;
}

/** Gives a pane the whole area, or returns to all panes. */
export function EnlargeButton({ id, title, enlarged }: EnlargeButtonProps) {
  const large = enlarged.value === id;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={large ? "Back to all panes" : `Enlarge ${title.join(", ")}`}
      title={large ? "Back to all panes (Esc)" : "Enlarge"}
      data-testid="pane-enlarge"
      onClick={() => enlarged.value = large ? null : id}
    >
      {large ? <Minimize2 aria-hidden="true" /> : <Maximize2 aria-hidden="true" />}
    </button>
  );
}

/** Properties of a pane's head. */
export interface PaneHeadProps extends EnlargeButtonProps {
  /** Whether its settings are open; null where it has none. */
  readonly editing: Signal<boolean> | null;
  readonly onRemove: () => void;
}

/** A pane's title and buttons. */
export function PaneHead({ id, title, enlarged, editing, onRemove }: PaneHeadProps) {
  const words = title.join(", ");
  return (
    <header class="pane-head">
      <PaneTitle title={title} />
      {editing !== null && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Change ${words}`}
          title="Change what this pane shows"
          aria-expanded={editing.value}
          data-testid="pane-edit"
          onClick={() => editing.value = !editing.value}
        >
          <SlidersHorizontal aria-hidden="true" />
        </button>
      )}
      <EnlargeButton id={id} title={title} enlarged={enlarged} />
      <button
        type="button"
        class="icon-button"
        aria-label={`Remove ${words}`}
        title="Remove this pane"
        data-testid="pane-remove"
        onClick={onRemove}
      >
        <X aria-hidden="true" />
      </button>
    </header>
  );
}
