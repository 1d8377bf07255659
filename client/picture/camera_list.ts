/** The cameras of this machine, as the browser lists them. */
import { type ReadonlySignal, signal } from "@preact/signals";

/** A camera that can be chosen. */
export interface CameraChoice {
  readonly id: string;
  readonly label: string;
}

/** The cameras that can be chosen. */
export interface CameraList {
  /** Empty until the browser names them, which it does after permission. */
  readonly choices: ReadonlySignal<readonly CameraChoice[]>;
  /** Reads the list; a list that cannot be read stays as it is. */
  refresh(): void;
}

/**
 * Makes an empty list.
 *
 * @param isOn whether a camera runs: from then on the list follows what is plugged in
 * @param end aborted when the list is no longer needed
 */
export function createCameraList(isOn: () => boolean, end: AbortSignal): CameraList {
  const choices = signal<readonly CameraChoice[]>([]);

  async function list(): Promise<void> {
    choices.value = namedCameras(await navigator.mediaDevices.enumerateDevices());
  }

  const refresh = () => void list().catch(() => {});
  if (hasCameras()) {
    navigator.mediaDevices.addEventListener("devicechange", () => {
      if (choices.value.length > 0 || isOn()) refresh();
    }, { signal: end });
  }
  return { choices, refresh };
}

/** False on plain HTTP from another machine, and in browsers and embeddings that leave cameras out. */
function hasCameras(): boolean {
  return isSecureContext && (navigator.mediaDevices as MediaDevices | undefined) !== undefined;
}

/** Names the cameras among the devices; the ids of USB vendors at the end of a name are left out. */
export function namedCameras(
  devices: readonly Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">[],
): CameraChoice[] {
  const cameras = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
  return cameras.map(({ deviceId, label }, index) => ({
    id: deviceId,
    label: label === "" ? `Camera ${index + 1}` : label.replace(/ \([0-9a-f]{4}:[0-9a-f]{4}\)$/, ""),
  }));
}
