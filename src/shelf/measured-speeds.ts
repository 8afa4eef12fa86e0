/** How fast each model was when it was last used here. Kept on this machine, between sessions of VS Code. */

/** What VS Code's `Memento` offers. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): unknown;
}

export interface MeasuredSpeeds {
  /** @returns tokens a second; undefined if the model was never measured */
  of(path: string): number | undefined;
  add(path: string, tokensPerSecond: number): void;
}

const key = 'measuredSpeeds';
/**
 * Of a measurement that is slower than those before. A busy machine only ever makes an answer slower, so a faster one
 * counts at once.
 */
const weightOfSlower = 0.1;
/** A smaller change is not worth a write to the disk. */
const smallChange = 0.05;
const maxModels = 50;

export function createMeasuredSpeeds(memory: Memory): MeasuredSpeeds {
  const stored = Object.entries(Object(memory.get(key))).filter(isSpeed);
  const speeds = new Map(stored);
  const written = new Map(stored);
  return {
    of: path => speeds.get(path),
    add(path, tokensPerSecond) {
      const before = speeds.get(path);
      const isFaster = before === undefined || tokensPerSecond >= before;
      const speed = isFaster ? tokensPerSecond : before + weightOfSlower * (tokensPerSecond - before);
      // The model that was used last comes last, so the one that goes first was unused longest.
      speeds.delete(path);
      speeds.set(path, speed);
      for (const oldest of speeds.keys()) if (speeds.size > maxModels) speeds.delete(oldest);
      const known = written.get(path);
      if (known !== undefined && Math.abs(speed - known) < smallChange * known) return;
      written.set(path, speed);
      memory.update(key, Object.fromEntries(speeds));
    },
  };
}

function isSpeed(entry: [string, unknown]): entry is [string, number] {
  return typeof entry[1] === 'number' && entry[1] > 0;
}
