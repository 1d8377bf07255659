/** Tries a video where nobody sees it, so that one that cannot be played takes nothing from the stage. */

/** Returns whether the browser plays the file at an address and finds pictures in it. */
export async function isPlayable(url: string): Promise<boolean> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.src = url;
  try {
    await video.play();
    return video.videoWidth > 0;
  } catch {
    return false;
  } finally {
    video.pause();
    video.removeAttribute("src");
    video.load();
  }
}
