/** The panel "Teach": own classes, collected here, learned by the server, explained live. */
import { useEffect, useMemo } from "preact/hooks";
import { teachServer } from "./api.ts";
import { headPanes } from "./compare_heads.ts";
import { TeachModel } from "./model.ts";
import { OpenView } from "./open_view.tsx";
import { PAGE_TIME } from "./page_time.ts";
import { Pictures } from "./pictures_of.ts";
import type { TeachPorts } from "./ports.ts";
import { Saved } from "./saved.tsx";
import { useTeachKeys } from "./use_teach_keys.ts";
import { addDropped, usePastedPictures } from "./use_own_pictures.ts";

/** Size of a picture before the model's own is known, in pixels. */
const FIRST_INPUT = { width: 224, height: 224 };

/** The panel's content. */
export function Panel(ports: TeachPorts) {
  const { source, welcome } = ports;
  const pictures = useMemo(() => new Pictures(ports), [source]);
  const model = useMemo(() =>
    new TeachModel({
      ...ports,
      server: teachServer,
      newest: (input) => pictures.newest(input),
      ofFile: (file, input) => pictures.ofFile(file, input),
      isStill: () => source.isStill(),
      time: PAGE_TIME,
    }), [source]);
  useEffect(() => {
    void model.start(ports.chosen() ?? welcome.peek()?.model.id);
    return () => model.dispose();
  }, [model]);
  useTeachKeys(model);
  usePastedPictures(model);

  const state = model.state.value;
  switch (state.kind) {
    case "asking":
      return <p class="muted" role="status">Asking the server…</p>;
    case "refused":
      return <p class="muted" data-testid="teach-off">{state.words}</p>;
    case "choosing":
      return (
        <div class="teach" data-testid="teach">
          <Begin model={model} first={state.list.taught.length === 0} />
          <Saved model={model} list={state.list} openId={null} />
        </div>
      );
    case "open":
      return (
        <div
          class="teach"
          data-testid="teach"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => void addDropped(model, event, state.open.chosen)}
        >
          <OpenView
            model={model}
            open={state.open}
            list={state.list}
            shown={ports.chosen() ?? welcome.value?.model.id ?? null}
            why={{
              server: teachServer,
              picture: () => pictures.question(welcome.peek()?.model ?? FIRST_INPUT),
              enlarged: ports.enlarged,
              now: () => performance.now(),
              pause: PAGE_TIME.pause,
            }}
            saying={ports.saying}
            onCompare={(taught) => {
              void model.edits.compare();
              ports.compare(headPanes(taught.id, taught.kind));
            }}
          />
        </div>
      );
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

function Begin({ model, first }: { readonly model: TeachModel; readonly first: boolean }) {
  return (
    <section class="teach-begin">
      <p>
        Show the camera two things of your own, a few seconds each. The network learns to tell them apart at
        once, and shows live why it thinks so.
      </p>
      <button type="button" class="button primary" data-testid="teach-new" onClick={() => void model.begin()}>
        {first ? "Start" : "Teach something new"}
      </button>
    </section>
  );
}
