/** Stretches in the tests' notation: a file's text with the stretch between `«` and `»`. */
import type { Answers } from '../../../bench/quality/replay';
import { type Stretch, stopsOf } from '../../../bench/quality/stretches';

export function stretchOf(marked: string): Stretch {
  const [above, typed, below] = marked.split(/[«»]/);
  if (above === undefined || typed === undefined || below === undefined)
    throw new Error(`expected « and » in ${JSON.stringify(marked)}`);
  const source = { path: 'src/sample.ts', languageId: 'typescript', text: above + typed + below };
  return { source, from: above.length, to: above.length + typed.length, kind: 'line' };
}

export interface Said {
  readonly text: string;
  readonly replaceAfter?: number;
  readonly confidence?: number;
}

/** @param said suggestions by the typed part of the stretch at which they are shown */
export function answersOf(stretch: Stretch, said: Readonly<Record<string, string | Said>>): Answers {
  const { source, from } = stretch;
  const stops = new Map(stopsOf(stretch).map(at => [source.text.slice(from, at), at]));
  return new Map(
    Object.entries(said).map(([typed, one]) => {
      const at = stops.get(typed);
      if (at === undefined) throw new Error(`the cursor does not stop after ${JSON.stringify(typed)}`);
      const { text, replaceAfter = 0, confidence = 0.5 } = typeof one === 'string' ? { text: one } : one;
      return [at, { text, replaceAfter, confidence }];
    }),
  );
}
