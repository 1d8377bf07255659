import { Check, Download, Trash2 } from "lucide-preact";

/** The buttons below a recording; the first one submits the form. */
export function PreviewActions({ keeping, saving, onSave, onDiscard }: {
  readonly keeping: boolean;
  readonly saving: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}) {
  const busy = keeping || saving;
  return (
    <div class="preview-actions">
      <button type="submit" class="button primary" autofocus disabled={busy} data-testid="preview-keep">
        <Check aria-hidden="true" /> {keeping ? "Keeping…" : "Keep"}
      </button>
      <button type="button" class="button" disabled={busy} data-testid="preview-save" onClick={onSave}>
        <Download aria-hidden="true" /> {saving ? "Saving…" : "Save file"}
      </button>
      <button type="button" class="button" disabled={busy} data-testid="preview-discard" onClick={onDiscard}>
        <Trash2 aria-hidden="true" /> Discard
      </button>
    </div>
  );
}
