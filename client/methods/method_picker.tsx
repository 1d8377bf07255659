import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { MethodInfo } from "../../shared/protocol.ts";
import type { Layers } from "../ui/layers.ts";
import { useLayer } from "../ui/use_layer.ts";
import { foundIn, groupsOf } from "./method_groups.ts";
import { GroupOptions } from "./method_options.tsx";
import { pickerKey } from "./picker_keys.ts";
import type { PickerParts } from "./picker_parts.ts";

/** Distance of the list from its field and from the window's edges, in pixels. */
const GAP_PX = 8;

/** Properties of the list. */
export interface MethodPickerProps extends PickerParts {
  readonly methods: readonly MethodInfo[];
  readonly value: string;
  /** The field that it belongs to. */
  readonly anchor: RefObject<HTMLElement>;
  readonly onChoose: (method: string) => void;
  readonly onClose: () => void;
}

/** The methods with what each does and costs, found by typing; closes when one is chosen. */
export function MethodPicker(
  { methods, value, anchor, layers, sameAs, onChoose, onClose }: MethodPickerProps,
) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const search = useSignal("");
  const groups = foundIn(groupsOf(methods), search.value);
  const listed = groups.flatMap((group) => group.methods);
  const active = useSignal(Math.max(0, listed.findIndex((one) => one.id === value)));
  const optionId = (at: number) => `${id}-${at}`;

  useShown(box, anchor, layers);
  useLayoutEffect(() => {
    document.getElementById(optionId(active.value))?.scrollIntoView({ block: "nearest" });
  }, [active.value, search.value]);

  function choose(method: MethodInfo): void {
    onChoose(method.id);
    box.current?.hidePopover();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = pickerKey(event.key, { count: listed.length, active: active.value });
    if (step === null) return;
    event.preventDefault();
    if (step.kind === "move") active.value = step.active;
    else listed.slice(active.value, active.value + 1).forEach(choose);
  }

  return (
    <div
      class="menu method-picker"
      popover="auto"
      ref={box}
      data-testid="method-picker"
      onToggle={({ newState }) => newState === "closed" && onClose()}
      onFocusOut={({ relatedTarget }) => {
        const leaves = relatedTarget instanceof Node && box.current?.contains(relatedTarget) === false;
        if (leaves) box.current?.hidePopover();
      }}
    >
      <input
        type="search"
        class="search-field"
        role="combobox"
        data-testid="method-search"
        aria-label="Search the methods"
        aria-expanded={listed.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={listed.length > 0 ? optionId(active.value) : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Search the methods…"
        value={search.value}
        onInput={(event) => {
          search.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      {listed.length === 0 && <p class="muted none" role="status">No method has these words.</p>}
      <div class="method-list" id={`${id}-list`} role="listbox" aria-label="Methods" tabIndex={-1}>
        {groups.map((group) => (
          <GroupOptions
            key={group.family}
            {...{ group, methods, value, sameAs, optionId }}
            first={listed.findIndex((one) => group.methods.includes(one))}
            active={active.value}
            onChoose={choose}
          />
        ))}
      </div>
    </div>
  );
}

/** Shows the list when it is made, with the keyboard in its search, and keeps it among the open layers. */
function useShown(box: RefObject<HTMLElement>, anchor: RefObject<HTMLElement>, layers: Layers): void {
  useLayer(layers, {
    isOpen: () => true,
    close: () => box.current?.hidePopover(),
    escape: "browser",
    back: true,
  });
  useEffect(() => {
    const opened = box.current;
    if (opened === null) return;
    opened.showPopover();
    place(opened, anchor.current);
    opened.querySelector("input")?.focus();
    const listeners = new AbortController();
    addEventListener("resize", () => place(opened, anchor.current), { signal: listeners.signal });
    return () => listeners.abort();
  }, []);
}

/** Below the field where the window has room for it, otherwise as high as it has to be. */
function place(box: HTMLElement, anchor: HTMLElement | null): void {
  const from = anchor?.getBoundingClientRect();
  if (from === undefined) return;
  const left = Math.min(from.left, innerWidth - box.offsetWidth - GAP_PX);
  const top = Math.min(from.bottom + GAP_PX / 2, innerHeight - box.offsetHeight - GAP_PX);
  box.style.left = `${Math.max(GAP_PX, left)}px`;
  box.style.top = `${Math.max(GAP_PX, top)}px`;
}
