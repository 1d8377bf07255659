import { Check, Pencil, Trash2 } from "lucide-preact";
import type { ListedModel } from "../../../shared/protocol.ts";
import type { LoadingModel } from "../../live/served_models.ts";
import { modelFigures, modelState } from "./model_words.ts";

/** Properties of the list. */
export interface ModelListProps {
  readonly listed: readonly ListedModel[];
  readonly loading: LoadingModel | null;
  /** Id of the model that is shown or waited for, or null. */
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onEdit: (id: string) => void;
  readonly onRemove: (model: ListedModel) => void;
}

/** Every model of the server; a press shows it. */
export function ModelList({ listed, loading, chosen, onChoose, onEdit, onRemove }: ModelListProps) {
  return (
    <ul class="models" aria-label="Models of the server">
      {listed.map((one) => (
        <li key={one.id} class="model-line">
          <button
            type="button"
            class="model-row"
            aria-current={one.id === chosen}
            disabled={one.state === "failed"}
            data-testid={`choose-${one.id}`}
            onClick={() => onChoose(one.id)}
          >
            <Check aria-hidden="true" />
            <span>
              <span class="model-row-name">{one.name}</span>
              <span class="muted small">{modelFigures(one)}</span>
              <span class="muted small">{modelState(one, loading)}</span>
            </span>
          </button>
          {one.uploaded && (
            <>
              <button
                type="button"
                class="icon-button"
                aria-label={`Change ${one.name}`}
                title="Name, classes, normalisation"
                data-testid={`edit-${one.id}`}
                onClick={() => onEdit(one.id)}
              >
                <Pencil aria-hidden="true" />
              </button>
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove ${one.name}`}
                title="Remove"
                data-testid={`remove-${one.id}`}
                onClick={() => onRemove(one)}
              >
                <Trash2 aria-hidden="true" />
              </button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
