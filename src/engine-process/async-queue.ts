/** Values that arrive in one place and are awaited, one by one, in another. */
export class AsyncQueue<T> {
  private readonly waiting: T[] = [];
  private deliver: ((value: T) => void) | undefined;
  private silence: NodeJS.Timeout | undefined;

  push(value: T): void {
    if (this.deliver === undefined) this.waiting.push(value);
    else this.deliver(value);
  }

  /** The next value is still being made: the silence of whoever waits for it begins anew. */
  prolong(): void {
    this.silence?.refresh();
  }

  /** The next value. If none comes for `silenceMs`, `onSilence` is called once and the wait goes on. */
  next(silenceMs: number, onSilence: () => void): Promise<T> {
    if (this.waiting.length > 0) return Promise.resolve(this.waiting.shift()!);
    return new Promise(resolve => {
      this.silence = setTimeout(onSilence, silenceMs);
      this.deliver = value => {
        clearTimeout(this.silence);
        this.silence = undefined;
        this.deliver = undefined;
        resolve(value);
      };
    });
  }
}
