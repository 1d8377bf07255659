import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { TOP_CLASSES } from "../../../shared/limits.ts";
import type { Target } from "../../../shared/protocol.ts";
import { MethodSelect } from "../../methods/method_select.tsx";
import { sameMapsOf } from "../../methods/same_maps.ts";
import type { Layers } from "../../ui/layers.ts";
import type { MapContent } from "../../view/pane_content.ts";
import type { ModelScene, PaneModel } from "./pane_model.ts";
import { ofModel, targetWords } from "./pane_set.ts";

/** What can be chosen for a pane. */
export interface TargetChoices extends ModelScene {
  /** Index of the class of the main pane's model that is locked, or null. */
  readonly locked: ReadonlySignal<number | null>;
}

/** Properties of a pane's settings. */
export interface PaneFormProps {
  readonly scene: TargetChoices;
  readonly model: PaneModel;
  readonly content: MapContent;
  readonly layers: Layers;
  readonly onChange: (content: MapContent) => void;
}

/** Model, method, class, the class to set against it, and layer of a pane. */
export function PaneForm({ scene, model, content, layers: pageLayers, onChange }: PaneFormProps) {
  const { facts, methods, layers } = model;
  const method = methods.find(({ id }) => id === content.method);
  const sameAs = (one: string) =>
    facts === null ? null : sameMapsOf(facts, { method: one, layer: null, options: {} });
  const change = (part: Partial<MapContent>) => onChange({ ...content, ...part });
  return (
    <div class="pane-form">
      {scene.models.value.length > 1 && <ModelField scene={scene} content={content} onChange={onChange} />}
      <Field label="Method">
        <MethodSelect
          methods={methods}
          value={content.method}
          testid="pane-method"
          // What was set for one method says nothing to the next.
          onChange={(chosen) => change({ method: chosen, options: {}, layer: null })}
          picker={{ layers: pageLayers, sameAs }}
        />
      </Field>
      <Field label="Class">
        <TargetSelect
          scene={scene}
          model={model}
          testid="pane-target"
          target={content.target}
          onChange={(target) => change({ target })}
        />
      </Field>
      <Field label="Rather than">
        <TargetSelect
          scene={scene}
          model={model}
          testid="pane-against"
          target={content.against}
          none="nothing"
          onChange={(against) => change({ against })}
          onNone={() => change({ against: null })}
        />
      </Field>
      {method?.looksAt === "any-layer" && (
        <Field label="Layer">
          <select
            data-testid="pane-layer"
            value={content.layer ?? ""}
            title={content.layer ?? "the method's own"}
            onChange={(event) => change({ layer: event.currentTarget.value || null })}
          >
            <option value="">the method's own</option>
            {layers.toReversed().map(({ name, shape }) => (
              <option key={name} value={name}>{`${name} · ${shape.join("×")}`}</option>
            ))}
          </select>
        </Field>
      )}
    </div>
  );
}

/** The model; the pane's classes go along by their names, its layer does not. */
function ModelField({ scene, content, onChange }: Omit<PaneFormProps, "model" | "layers">) {
  const main = scene.welcome.value?.model;
  const before = content.model ?? main?.id;
  const choose = (id: string) => {
    const { model: _model, target, against, ...rest } = content;
    onChange({
      ...rest,
      ...(id !== "" && { model: id }),
      target: ofModel(target, before),
      against: against === null ? null : ofModel(against, before),
      layer: null,
    });
  };
  return (
    <Field label="Model">
      <select
        data-testid="pane-model"
        value={content.model ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">as the main pane</option>
        {scene.models.value.map(({ id, name, state }) => (
          <option key={id} value={id} disabled={state === "failed"}>{name}</option>
        ))}
      </select>
    </Field>
  );
}

function Field({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <label class="pane-field">
      <span>{label}</span>
      <span class="select">{children}</span>
    </label>
  );
}

interface TargetSelectProps {
  readonly scene: TargetChoices;
  readonly model: PaneModel;
  readonly testid: string;
  readonly target: Target | null;
  readonly none?: string;
  readonly onChange: (target: Target) => void;
  readonly onNone?: () => void;
}

/** Guesses by their rank, or one of the classes of now for good. */
function TargetSelect({ scene, model, testid, target, none, onChange, onNone }: TargetSelectProps) {
  const { nameOf, ranking: { rows } } = model;
  const ranks = Array.from({ length: TOP_CLASSES }, (_, at): Target => ({ kind: "rank", rank: at + 1 }));
  const locked = model.isOther ? null : scene.locked.value;
  const indexes = new Set([
    ...(target?.kind === "class" ? [target.index] : []),
    ...(locked === null ? [] : [locked]),
    ...rows.map(({ index }) => index),
  ]);
  const classes = [...indexes].map((index): Target => ({ kind: "class", index }));
  const own: readonly Target[] = target?.kind === "label" ? [target] : [];
  const choices = [...ranks, ...own, ...classes];
  const keyOf = (one: Target) => JSON.stringify(one);
  const option = (one: Target) => (
    <option key={keyOf(one)} value={keyOf(one)}>{targetWords(one, nameOf)}</option>
  );
  return (
    <select
      data-testid={testid}
      value={target === null ? "" : keyOf(target)}
      title={target === null ? none : targetWords(target, nameOf)}
      onChange={(event) => {
        const chosen = choices.find((one) => keyOf(one) === event.currentTarget.value);
        if (chosen === undefined) onNone?.();
        else onChange(chosen);
      }}
    >
      {none !== undefined && <option value="">{none}</option>}
      <optgroup label="Whatever is seen">{ranks.map(option)}</optgroup>
      <optgroup label="Always this class">{[...own, ...classes].map(option)}</optgroup>
    </select>
  );
}
