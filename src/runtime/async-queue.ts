/** Values that arrive in one place and are awaited, one by one, in another. */
export class AsyncQueue<T> {
  private readonly waiting: T[] = [];
  private deliver: ((value: T) => void) | undefined;

  push(value: T): void {
    if (this.deliver === undefined) this.waiting.push(value);
    else this.deliver(value);
  }

  /** The next value. If none comes for `silenceMs`, `onSilence` is called once and the wait goes on. */
  next(silenceMs: number, onSilence: () => void): Promise<T> {
    if (this.waiting.length > 0) return Promise.resolve(this.waiting.shift()!);
    return new Promise(resolve => {
      const timer = setTimeout(onSilence, silenceMs);
      this.deliver = value => {
        clearTimeout(timer);
        this.deliver = undefined;
        resolve(value);
      };
    });
  }
}
