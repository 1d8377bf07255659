/** The panel "Models": which there are, which one explains, and how another one is opened. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { DropField } from "./drop_field.tsx";
import { ModelsModel, type ModelsPorts, type OpeningRight } from "./model.ts";
import { ModelList } from "./model_list.tsx";
import { OpenedCard } from "./opened_card.tsx";
import type { OpeningState } from "./opening_state.ts";
import { SendingLine } from "./sending_line.tsx";

/** The panel's content. */
export function Panel(ports: ModelsPorts) {
  const model = useMemo(() => new ModelsModel(ports), []);
  useEffect(() => () => model.dispose(), []);
  return (
    <div class="models-panel" data-testid="models">
      <ModelList
        listed={ports.listed.value}
        loading={ports.loading.value}
        chosen={ports.chosen() ?? ports.welcome.value?.model.id ?? null}
        onChoose={ports.setModel}
        onEdit={(id) => void model.edit(id)}
        onRemove={(one) => void model.remove(one)}
      />
      <h3>Open a model</h3>
      <Opening model={model} ports={ports} right={model.right.value} />
    </div>
  );
}

function Opening({ model, ports, right }: {
  readonly model: ModelsModel;
  readonly ports: ModelsPorts;
  readonly right: OpeningRight;
}) {
  const state = model.state.value;
  if (right === null) return <p class="muted" role="status">Asking the server…</p>;
  if (!right.allowed) return <p class="muted" data-testid="models-off">{right.words}</p>;
  switch (state.kind) {
    case "idle":
      return <DropField onModel={(chosen) => void model.open(chosen)} onProblem={ports.say} />;
    case "sending":
    case "reading":
      return <SendingLine state={state} onCancel={() => model.cancel()} />;
    case "opened":
      return (
        <OpenedCard
          key={state.model.id}
          state={state}
          shown={ports.welcome.value?.model.id === state.model.id}
          onUse={() => model.use(state.model.id)}
          onTry={() => void model.tryPresets()}
          onChange={(change) => void model.change(change)}
          onClose={() => model.cancel()}
        />
      );
    case "refused":
      return <Refused state={state} onClose={() => model.cancel()} />;
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

function Refused({ state: { name, words, details }, onClose }: {
  readonly state: Extract<OpeningState, { kind: "refused" }>;
  readonly onClose: () => void;
}) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div class="refused" role="alert" data-testid="model-refused" ref={card}>
      <p>
        <strong>{name}</strong> was not opened. {words}
      </p>
      {details.length > 0 && <ul>{details.map((line) => <li key={line}>{line}</li>)}</ul>}
      <button type="button" class="button" onClick={onClose}>Open another model</button>
    </div>
  );
}
