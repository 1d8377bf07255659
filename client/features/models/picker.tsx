import type { ReadonlySignal } from "@preact/signals";
import { Check, ChevronDown, X } from "lucide-preact";
import type { ListedModel, Welcome } from "../../../shared/protocol.ts";
import type { LoadingModel } from "../../live/served_models.ts";
import type { Layers } from "../../ui/layers.ts";
import { closeMenu, MenuButton } from "../../ui/menu_button.tsx";
import { loadingWords, modelFigures, modelState } from "./model_words.ts";

/** Properties of the picker. */
export interface ModelPickerProps {
  readonly layers: Layers;
  /** The model that explains. */
  readonly model: Welcome["model"];
  readonly listed: ReadonlySignal<readonly ListedModel[]>;
  readonly loading: ReadonlySignal<LoadingModel | null>;
  /** Id of the model that is waited for, or null. */
  readonly wanted: string | null;
  readonly onChoose: (id: string) => void;
  readonly onCancel: () => void;
  /** Shows the panel with all models, where one is opened. */
  readonly onOpen: () => void;
}

/** Which model explains, with a menu of all; while another one is loaded, how far it is. */
export function ModelPicker(props: ModelPickerProps) {
  const { layers, model, listed, loading, wanted, onCancel } = props;
  const waited = listed.value.find(({ id }) => id === wanted);
  const title = `${model.classes} classes, input ${model.width} × ${model.height} px`;
  return (
    <div class="model">
      <MenuButton
        layers={layers}
        id="model-menu"
        label={`Model: ${model.name}, ${title}`}
        icon={
          <>
            <span class="model-name">{model.name}</span>
            <ChevronDown aria-hidden="true" />
          </>
        }
        class="model-button"
        testid="model-menu"
      >
        <ModelMenu {...props} />
      </MenuButton>
      <span class="model-wait" role="status" data-testid="model-wait">
        {waited !== undefined && `${loadingWords(doneOf(waited, loading.value))}: ${waited.name}`}
      </span>
      {waited !== undefined && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Stay with ${model.name}`}
          title={`Stay with ${model.name}`}
          data-testid="model-cancel"
          onClick={onCancel}
        >
          <X aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

function ModelMenu({ model, listed, loading, wanted, onChoose, onOpen }: ModelPickerProps) {
  return (
    <>
      <ul class="models" aria-label="Models">
        {listed.value.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              class="model-row"
              aria-current={one.id === (wanted ?? model.id)}
              disabled={one.state === "failed"}
              data-testid={`model-${one.id}`}
              onClick={({ currentTarget }) => {
                closeMenu(currentTarget);
                onChoose(one.id);
              }}
            >
              <Check aria-hidden="true" />
              <span>
                <span class="model-row-name">{one.name}</span>
                <span class="muted small">{modelFigures(one)}</span>
                <span class="muted small">{modelState(one, loading.value)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div class="menu-actions">
        <button
          type="button"
          class="button"
          data-testid="open-model"
          onClick={({ currentTarget }) => {
            closeMenu(currentTarget);
            onOpen();
          }}
        >
          Open a model…
        </button>
      </div>
    </>
  );
}

function doneOf({ id }: ListedModel, loading: LoadingModel | null): number {
  return loading?.id === id ? loading.done : 0;
}
