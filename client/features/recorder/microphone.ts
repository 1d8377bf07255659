/** Asks for the microphone; null where the browser or the person says no. */
export async function openMicrophone(): Promise<MediaStream | null> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    // Whatever the reason: a recording without sound is better than none.
    return null;
  }
}
