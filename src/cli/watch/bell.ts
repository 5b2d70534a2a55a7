/** Waits for a ring, or for some time. One that rings while nobody waits is heard by who waits next. */
export class Bell {
  #resolve: (() => void) | undefined;
  #hasRung = false;

  ring(): void {
    this.#hasRung = true;
    this.#resolve?.();
  }

  async heard(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        timer = setTimeout(resolve, limitMs);
      });
    }
    clearTimeout(timer);
    this.#hasRung = false;
    this.#resolve = undefined;
  }
}
