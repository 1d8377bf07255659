import type { ReadonlySignal } from "@preact/signals";
import type { OptionValue, Welcome } from "../../../shared/protocol.ts";
import type { BoardState } from "../../live/board.ts";
import { MethodSelect } from "../../methods/method_select.tsx";
import { sameMapReason, sameMapsOf, sameMapWords } from "../../methods/same_maps.ts";
import type { Layers } from "../../ui/layers.ts";
import type { ViewState } from "../../view/view_state.ts";
import { AboutMethod } from "./about_method.tsx";
import { LayerField } from "./layer_field.tsx";
import { OptionField } from "./option_field.tsx";

/** What the panel needs. */
export interface MethodPanelProps {
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly view: ReadonlySignal<ViewState>;
  /** The computing time of the last batch is read. */
  readonly board: ReadonlySignal<BoardState>;
  readonly layers: Layers;
  readonly setMethod: (method: string) => void;
  readonly setLayer: (layer: string) => void;
  readonly setOption: (name: string, value: OptionValue) => void;
}

/** Which method explains, in words for newcomers first, and its options. */
export function MethodPanel(
  { welcome, view, board, layers: pageLayers, setMethod, setLayer, setOption }: MethodPanelProps,
) {
  const facts = welcome.value;
  const { methods = [], layers = [] } = facts ?? {};
  const { method: id, layer = null, options } = view.value.current;
  const method = methods.find((one) => one.id === id);
  const { computeMs } = board.value;
  const sameAs = (method: string) =>
    facts === null ? null : sameMapsOf(facts, { method, layer, options: {} });
  const same = facts === null ? null : sameMapsOf(facts, { method: id, layer, options });
  const nameOf = (one: string) => methods.find((other) => other.id === one)?.name ?? one;
  return (
    <section class="card method" aria-labelledby="method-title">
      <div class="card-head">
        <h2 id="method-title">Method</h2>
        {computeMs !== null && (
          <span class="number muted" title="Computing time of the last batch at the server">
            {Math.round(computeMs)} ms
          </span>
        )}
      </div>
      <label class="select">
        <span class="visually-hidden">Method</span>
        <MethodSelect
          methods={methods}
          value={id}
          testid="method"
          onChange={setMethod}
          picker={{ layers: pageLayers, sameAs }}
        />
      </label>
      {method !== undefined && <p class="plain">{method.plain}</p>}
      {same !== null && (
        <p class="muted small" data-testid="same-map">
          {`${sameMapWords(same, nameOf)} ${sameMapReason(same, nameOf)}`}
        </p>
      )}
      {method?.looksAt === "any-layer" && <LayerField layers={layers} value={layer} onChange={setLayer} />}
      {method !== undefined && (
        <div class="folds">
          <AboutMethod method={method} />
          {method.options.length > 0 && (
            <details class="fold">
              <summary>Options</summary>
              <div class="options">
                {method.options.map((option) => (
                  <OptionField
                    key={`${method.id}.${option.name}`}
                    option={option}
                    value={options[option.name] ?? option.default}
                    onChange={(value) => setOption(option.name, value)}
                  />
                ))}
              </div>
            </details>
          )}
        </div>
      )}
    </section>
  );
}
