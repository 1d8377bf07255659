/** A model of the server in words. Pure. */
import type { ListedModel } from "../../../shared/protocol.ts";
import type { LoadingModel } from "../../live/served_models.ts";
import { fileSize } from "../../ui/format.ts";

/** What people compare models by: "1,000 classes · 240 × 240 px"; what is not known yet is left out. */
export function modelFigures({ classes, width, height }: ListedModel): string {
  return [
    ...(classes === null ? [] : [`${classes.toLocaleString("en")} classes`]),
    ...(width === null || height === null ? [] : [`${width} × ${height} px`]),
  ].join(" · ");
}

/** Whether a model can explain at once, and the memory that it takes. */
export function modelState({ id, state, reason, bytes }: ListedModel, loading: LoadingModel | null): string {
  switch (state) {
    case "loaded":
      return bytes === null ? "in memory" : `in memory: ${fileSize(bytes)}`;
    case "loading":
      return loading?.id === id ? loadingWords(loading.done) : "loading…";
    case "not-loaded":
      return `loaded when it is chosen${bytes === null ? "" : `: ${fileSize(bytes)} of memory`}`;
    case "failed":
      return reason ?? "could not be loaded";
    default: {
      const _never: never = state;
      return _never;
    }
  }
}

/** How far a model is that is on its way into memory. */
export function loadingWords(done: number): string {
  return `loading ${Math.floor(100 * done)} %`;
}

/** The model behind one in the list, those that failed left out; null where there is no other. */
export function nextModel(listed: readonly ListedModel[], current: string | undefined): string | null {
  const usable = listed.filter(({ state }) => state !== "failed");
  const at = usable.findIndex(({ id }) => id === current);
  const next = usable[(at + 1) % Math.max(1, usable.length)];
  return next === undefined || next.id === current ? null : next.id;
}
