import { METHOD_FAMILIES, type Target } from "../../../shared/protocol.ts";
import { TOP_CLASSES } from "../../../shared/limits.ts";
import type { Page } from "../../app/page.ts";
import type { MapContent } from "../../view/pane_content.ts";
import { type PaneState, targetWords } from "./pane_set.ts";

interface PaneFormProps {
  readonly page: Page;
  readonly pane: PaneState;
  readonly content: MapContent;
}

/** Method, class, the class to set against it, and layer of a pane. */
export function PaneForm({ page, pane, content }: PaneFormProps) {
  const { methods = [], layers = [] } = page.session.welcome.value ?? {};
  const method = methods.find(({ id }) => id === content.method);
  const change = (part: Partial<MapContent>) =>
    page.compare.change({ kind: "changed", id: pane.id, content: { ...content, ...part } });
  return (
    <div class="pane-form">
      <Field label="Method">
        <select
          data-testid="pane-method"
          value={content.method}
          title={method?.name}
          // What was set for one method says nothing to the next.
          onChange={(event) => change({ method: event.currentTarget.value, options: {}, layer: null })}
        >
          {METHOD_FAMILIES.flatMap((family) => methods.filter((one) => one.family === family)).map((one) => (
            <option key={one.id} value={one.id}>{one.name}</option>
          ))}
        </select>
      </Field>
      <Field label="Class">
        <TargetSelect
          page={page}
          testid="pane-target"
          target={content.target}
          onChange={(target) => change({ target })}
        />
      </Field>
      <Field label="Rather than">
        <TargetSelect
          page={page}
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

function Field({ label, children }: { readonly label: string; readonly children: preact.ComponentChildren }) {
  return (
    <label class="pane-field">
      <span>{label}</span>
      <span class="select">{children}</span>
    </label>
  );
}

interface TargetSelectProps {
  readonly page: Page;
  readonly testid: string;
  readonly target: Target | null;
  readonly none?: string;
  readonly onChange: (target: Target) => void;
  readonly onNone?: () => void;
}

/** Guesses by their rank, or one of the classes of now for good. */
function TargetSelect({ page, testid, target, none, onChange, onNone }: TargetSelectProps) {
  const rows = page.session.board.state.value.ranking.rows;
  const ranks = Array.from({ length: TOP_CLASSES }, (_, at): Target => ({ kind: "rank", rank: at + 1 }));
  const locked = page.locked.value;
  const indexes = new Set([
    ...(target?.kind === "class" ? [target.index] : []),
    ...(locked === null ? [] : [locked]),
    ...rows.map(({ index }) => index),
  ]);
  const classes = [...indexes].map((index): Target => ({ kind: "class", index }));
  const own: readonly Target[] = target?.kind === "label" ? [target] : [];
  const choices = [...ranks, ...own, ...classes];
  const nameOf = (one: Target) => JSON.stringify(one);
  return (
    <select
      data-testid={testid}
      value={target === null ? "" : nameOf(target)}
      title={target === null ? none : targetWords(target, page.nameOf)}
      onChange={(event) => {
        const chosen = choices.find((one) => nameOf(one) === event.currentTarget.value);
        if (chosen === undefined) onNone?.();
        else onChange(chosen);
      }}
    >
      {none !== undefined && <option value="">{none}</option>}
      <optgroup label="Whatever is seen">
        {ranks.map((one) => (
          <option key={nameOf(one)} value={nameOf(one)}>{targetWords(one, page.nameOf)}</option>
        ))}
      </optgroup>
      <optgroup label="Always this class">
        {[...own, ...classes].map((one) => (
          <option key={nameOf(one)} value={nameOf(one)}>{targetWords(one, page.nameOf)}</option>
        ))}
      </optgroup>
    </select>
  );
}
