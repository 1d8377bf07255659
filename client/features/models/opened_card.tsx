import { useSignal } from "@preact/signals";
import { type ModelChange, NORMALISATION_WORDS, type OpenedModel } from "../../../shared/model_wire.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { LabelsField } from "./labels_field.tsx";
import type { OpeningState } from "./opening_state.ts";
import { PresetsTable } from "./presets_table.tsx";

/** Properties of the card. */
export interface OpenedCardProps {
  readonly state: Extract<OpeningState, { kind: "opened" }>;
  /** Whether it explains now, so that its card cannot be changed. */
  readonly shown: boolean;
  readonly onUse: () => void;
  /** Asks for what it says of the sample photos. */
  readonly onTry: () => void;
  readonly onChange: (change: ModelChange) => void;
  readonly onClose: () => void;
}

/** What was understood of an opened model, and what people can put right. */
export function OpenedCard({ state, shown, onUse, onTry, onChange, onClose }: OpenedCardProps) {
  const { model, presets, saving, problem } = state;
  const disabled = saving || shown;
  return (
    <div class="model-card" data-testid="model-opened">
      <Understood model={model} />
      {shown && (
        <p class="muted" data-testid="model-shown">
          It explains now. Choose another model above to change its name, classes or normalisation.
        </p>
      )}
      <NameField name={model.name} disabled={disabled} onChange={(name) => onChange({ name })} />
      <LabelsField
        classes={model.classes}
        disabled={disabled}
        onLabels={(labels) => onChange({ labels: [...labels] })}
      />
      <PresetsTable
        rows={presets}
        chosen={model.normalisation}
        disabled={disabled}
        onTry={onTry}
        onChoose={(normalisation) => onChange({ normalisation })}
      />
      {problem !== null && <p class="warn" role="alert" data-testid="model-problem">{problem}</p>}
      <p class="muted small" role="status">{saving ? "Saving; the model is loaded again…" : ""}</p>
      <div class="model-actions">
        <button
          type="button"
          class="button primary"
          disabled={disabled}
          data-testid="use-model"
          onClick={onUse}
        >
          Use this model
        </button>
        <button type="button" class="button" onClick={onClose}>Done</button>
      </div>
    </div>
  );
}

function Understood({ model }: { readonly model: OpenedModel }) {
  const { name, width, height, classes, firstLabels, lastLabel, normalisation, normalisationFrom } = model;
  return (
    <>
      <p>
        <strong>{name}</strong> can be used.
      </p>
      <Facts>
        <Fact name="Input">{width} × {height} px</Fact>
        <Fact name="Values">
          {normalisation === null ? "by mean and scale of its own" : NORMALISATION_WORDS[normalisation]}
          {normalisationFrom !== null && (
            <span class="muted" data-testid="values-from">({normalisationFrom})</span>
          )}
        </Fact>
        <Fact name="Classes">
          <span data-testid="model-classes">
            {classes.toLocaleString("en")}: {firstLabels.join(", ")}
            {classes > firstLabels.length && ` … ${lastLabel}`}
          </span>
        </Fact>
        <Fact name="Layers">{model.layers.toLocaleString("en")}, target layer {model.defaultLayer}</Fact>
        <Fact name="Parameters">{model.parameters.toLocaleString("en")}</Fact>
        <Fact name="Work">{model.multiplyAdds.toLocaleString("en")} multiply-adds for each forward pass</Fact>
      </Facts>
    </>
  );
}

function NameField({ name, disabled, onChange }: {
  readonly name: string;
  readonly disabled: boolean;
  readonly onChange: (name: string) => void;
}) {
  const text = useSignal(name);
  const changed = text.value.trim() !== "" && text.value.trim() !== name;
  return (
    <form
      class="model-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) onChange(text.value.trim());
      }}
    >
      <label>
        <span>Name</span>
        <input
          type="text"
          maxLength={120}
          value={text.value}
          disabled={disabled}
          data-testid="model-name"
          onInput={(event) => text.value = event.currentTarget.value}
        />
      </label>
      <button type="submit" class="button" disabled={disabled || !changed}>Rename</button>
    </form>
  );
}
