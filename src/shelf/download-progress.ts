/** How far a download is, how fast, and how long it will still take. Knows no text and no window. */

export interface Progress {
  /** 0 to 1 */
  readonly share: number;
  /** Bytes a second over the last seconds; undefined until it is known. */
  readonly speed?: number;
  readonly secondsLeft?: number;
}

/** The speed of the last seconds is what the user sees change; that of a whole hour would hardly move. */
const windowMs = 8_000;
/** Before this time the speed says more about the start than about the rest. */
const settledMs = 1_000;

export interface ProgressMeter {
  /** @param bytes that are there @param now milliseconds, monotonic */
  update(bytes: number, now: number): Progress;
}

/** @param total bytes of the whole download */
export function createProgressMeter(total: number): ProgressMeter {
  const marks: { readonly bytes: number; readonly at: number }[] = [];
  return {
    update(bytes, now) {
      // A part that is begun anew has fewer bytes than before.
      if (bytes < (marks.at(-1)?.bytes ?? 0)) marks.length = 0;
      marks.push({ bytes, at: now });
      while (marks.length > 2 && now - marks[0]!.at > windowMs) marks.shift();
      const share = total === 0 ? 1 : bytes / total;
      const [first] = marks;
      const ms = now - first!.at;
      const came = bytes - first!.bytes;
      if (ms < settledMs || came === 0) return { share };
      const speed = (came / ms) * 1000;
      return { share, speed, secondsLeft: (total - bytes) / speed };
    },
  };
}
