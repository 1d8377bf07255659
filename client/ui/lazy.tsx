import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

/** Properties of a part whose code is loaded when it is first shown. */
export interface LazyProps<Props> {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
  readonly onFail: () => void;
}

/** Shows a part as soon as its code is there. */
export function Lazy<Props extends object>({ load, props, onFail }: LazyProps<Props>) {
  const loaded = useSignal<{ readonly Part: ComponentType<Props> } | null>(null);
  useEffect(() => {
    load().then((Part) => loaded.value = { Part }, onFail);
  }, []);
  if (loaded.value === null) return null;
  const { Part } = loaded.value;
  return <Part {...props} />;
}
