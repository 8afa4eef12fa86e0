/** Resident memory of the engine's process after many completions, in one document after another. */

import { systemClock } from '../../src/common/clock';
import { createCompleter } from '../../src/completion/completer';
import { decideScope } from '../../src/completion/scope';
import type { OpenModel } from '../../src/session';
import type { CompletionSettings } from '../../src/settings/settings';
import type { Random } from '../../test/random';
import { documentIn, type Source } from '../corpus/own-sources';
import { residentBytesOf } from '../measure/machine';

/** Completions at a place: the first after a jump, and a few more keys whose prompt the cache serves. */
const keysAtPlace = 5;

/**
 * @param marks numbers of completions, in rising order
 * @returns bytes after each of them; undefined where the system does not tell
 */
export async function measureResident(
  model: OpenModel,
  settings: CompletionSettings,
  sources: readonly Source[],
  random: Random,
  marks: readonly number[],
): Promise<readonly (number | undefined)[]> {
  const completer = createCompleter({ openModel: () => Promise.resolve(model), clock: systemClock });
  const { signal } = new AbortController();
  const resident: (number | undefined)[] = [];
  let completions = 0;
  while (resident.length < marks.length) {
    const { document, next } = documentIn(random.pick(sources), random, keysAtPlace);
    for (let typed = 0; typed < keysAtPlace && resident.length < marks.length; typed++) {
      const prefix = document.prefix + next.slice(0, typed);
      const typedDocument = { ...document, prefix };
      const scope = decideScope(typedDocument);
      await completer.completeAnew({ document: typedDocument, scope, settings, trigger: 'manual' }, signal);
      if (++completions === marks[resident.length]) resident.push(residentBytesOf(model.engine.pid));
    }
  }
  return resident;
}
