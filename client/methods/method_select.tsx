import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { MethodInfo } from "../../shared/protocol.ts";
import { Lazy } from "../ui/lazy.tsx";
import { groupsOf } from "./method_groups.ts";
import type { PickerParts } from "./picker_parts.ts";

/** Properties of the field. */
export interface MethodSelectProps {
  readonly methods: readonly MethodInfo[];
  /** Id of the method that is chosen. */
  readonly value: string;
  readonly testid: string;
  readonly disabled?: boolean;
  readonly onChange: (method: string) => void;
  /** Where a mouse and a keyboard open the list with words and sketches; absent: the browser's own list always opens. */
  readonly picker?: PickerParts;
}

/** Which method explains: three to begin with, then family by family. */
export function MethodSelect(
  { methods, value, testid, disabled = false, onChange, picker }: MethodSelectProps,
) {
  const select = useRef<HTMLSelectElement>(null);
  const opening = useOpening(picker !== undefined && methods.length > 0);
  return (
    <>
      <select
        ref={select}
        data-testid={testid}
        value={value}
        title={methods.find(({ id }) => id === value)?.name}
        disabled={disabled || methods.length === 0}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...opening.handlers}
      >
        {methods.length === 0 && <option value={value}>{value}</option>}
        {groupsOf(methods).map((group) => (
          <optgroup key={group.family} label={group.name}>
            {group.methods.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </optgroup>
        ))}
      </select>
      {picker !== undefined && opening.open.value && (
        <Lazy
          load={async () => (await import("./method_picker.tsx")).MethodPicker}
          props={{ methods, value, anchor: select, onChoose: onChange, onClose: opening.close, ...picker }}
          onFail={opening.fail}
        />
      )}
    </>
  );
}

/**
 * When the list with words opens. A finger gets the browser's own list, which phones show best; so does everybody once the
 * code of the other could not be loaded.
 */
function useOpening(isThere: boolean) {
  const open = useSignal(false);
  const failed = useRef(false);
  const pressed = useRef({ pointer: "", wasOpen: false });
  const isOurs = () => isThere && !failed.current;
  const isMouse = () => isOurs() && pressed.current.pointer === "mouse";
  const handlers = {
    onPointerDown({ pointerType }: PointerEvent) {
      // The press itself closes an open list before the click arrives.
      pressed.current = { pointer: pointerType, wasOpen: open.peek() };
    },
    onMouseDown(event: MouseEvent) {
      if (!isMouse() || event.button !== 0) return;
      event.preventDefault();
      if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
    },
    onClick() {
      if (isMouse()) open.value = !pressed.current.wasOpen;
    },
    onKeyDown(event: KeyboardEvent) {
      if (!isOurs() || !opensList(event) || matchMedia("(pointer: coarse)").matches) return;
      event.preventDefault();
      open.value = true;
    },
  };
  const fail = () => {
    failed.current = true;
    open.value = false;
  };
  const close = () => open.value = false;
  return { open, handlers, fail, close };
}

/** Whether a key opens a list, as browsers have it. */
function opensList({ key, altKey }: KeyboardEvent): boolean {
  return key === "Enter" || key === " " || key === "F4" ||
    altKey && (key === "ArrowDown" || key === "ArrowUp");
}
