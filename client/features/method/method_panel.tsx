import { METHOD_FAMILIES, type MethodInfo } from "../../../shared/protocol.ts";
import type { Page } from "../../app/page.ts";
import { OptionField } from "./option_field.tsx";

const FAMILY_NAMES: Readonly<Record<MethodInfo["family"], string>> = {
  layer: "Maps of a layer",
  gradient: "Maps of pixels",
  outside: "Maps from outside",
  inside: "Inside the network",
};

/** Which method explains, in words for newcomers first, and its options. */
export function MethodPanel({ page }: { readonly page: Page }) {
  const methods = page.session.welcome.value?.methods ?? [];
  const { current } = page.session.view.value;
  const method = methods.find((one) => one.id === current.method);
  const { computeMs } = page.session.board.state.value;
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
        <select
          data-testid="method"
          value={current.method}
          disabled={methods.length === 0}
          onChange={(event) => page.setMethod(event.currentTarget.value)}
        >
          {methods.length === 0 && <option value={current.method}>{current.method}</option>}
          {METHOD_FAMILIES.map((family) => (
            <optgroup key={family} label={FAMILY_NAMES[family]}>
              {methods.filter((one) => one.family === family).map((one) => (
                <option key={one.id} value={one.id}>{one.name}</option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      {method !== undefined && <p class="plain">{method.plain}</p>}
      {method?.looksAt === "any-layer" && <LayerField page={page} />}
      {method !== undefined && (
        <div class="folds">
          <About method={method} />
          {method.options.length > 0 && (
            <details class="fold">
              <summary>Options</summary>
              <div class="options">
                {method.options.map((option) => (
                  <OptionField
                    key={`${method.id}.${option.name}`}
                    option={option}
                    value={current.options[option.name] ?? option.default}
                    onChange={(value) => page.setOption(option.name, value)}
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

/** The target layer; deep ones stand first, as they are what people look at first. */
function LayerField({ page }: { readonly page: Page }) {
  const layers = page.session.welcome.value?.layers ?? [];
  const { layer } = page.session.view.value.current;
  return (
    <label class="option">
      <span>Target layer</span>
      <span class="select">
        <select
          data-testid="layer"
          value={layer ?? ""}
          title={layer}
          onChange={(event) => page.setLayer(event.currentTarget.value)}
        >
          {layer === undefined && <option value="">…</option>}
          {layers.toReversed().map(({ name, shape }) => (
            <option key={name} value={name}>{`${name} · ${shape.join("×")}`}</option>
          ))}
        </select>
      </span>
    </label>
  );
}

function About({ method }: { readonly method: MethodInfo }) {
  return (
    <details class="fold">
      <summary>How it works, and its limits</summary>
      <p class="muted">{method.expert}</p>
      <p class="muted">
        <strong>Weak at:</strong> {method.weakness}
      </p>
    </details>
  );
}
