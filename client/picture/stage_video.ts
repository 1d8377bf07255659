/** What the stage's video element plays: a file or a camera. */
import { everyVideoFrame, type OnFrame, type Stop } from "./frame_clock.ts";

/** Plays one thing after the other in a video element. */
export class StageVideo {
  readonly #video: HTMLVideoElement;
  #url: string | null = null;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /** Plays a file in a loop; takes its object address, and revokes it when something else is played. */
  async playFile(url: string): Promise<void> {
    this.drop();
    this.#url = url;
    this.#video.loop = true;
    this.#video.src = url;
    // It has just been played; where it must not play by itself, its first picture stands.
    await this.#video.play().catch(() => {});
  }

  /** Plays a camera. */
  async playStream(stream: MediaStream): Promise<void> {
    this.drop();
    this.#video.srcObject = stream;
    await this.#video.play().catch(() => {});
  }

  /** Ends what is played; the next one is silent again until somebody wants to hear it. */
  drop(): void {
    this.#video.pause();
    this.#video.srcObject = null;
    this.#video.muted = true;
    if (this.#url === null) return;
    URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  pause(on: boolean): void {
    if (on) this.#video.pause();
    else this.#video.play().catch(() => {});
  }

  /** Calls back at every frame of what is played now, and at none of what is played next. */
  everyFrame(onFrame: OnFrame): Stop {
    const shown = this.#shown();
    return everyVideoFrame(this.#video, (nowMs, capturedMs) => {
      // While another video is opened its first pictures are here already, and what is recorded is not of it.
      if (this.#shown() === shown) onFrame(nowMs, capturedMs);
    });
  }

  #shown(): MediaProvider | string {
    return this.#video.srcObject ?? this.#video.src;
  }
}
