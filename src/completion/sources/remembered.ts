/** Texts that the model wrote for the same prompt and settings, for a user who comes back to a place. */
import { LruMap } from '../../common/lru-map';
import { calibrate, isEnough, type WrittenText } from '../judge';
import type { CompletionRequest } from '../request';
import { type Candidate, type Memory, minConfidenceFor, nothingFound, type Source } from './source';

export interface Remembered {
  readonly source: Source;
  /** Keeps the answers to the user's requests. */
  readonly memory: Memory;
  /** Keeps the answers that were found before the user asked. */
  readonly preparedMemory: Memory;
}

interface Entry {
  readonly written: WrittenText;
  /** Found before the user asked, and not offered since. */
  readonly isPrepared: boolean;
}

const maxEntries = 64;

export function createRemembered(): Remembered {
  const entries = new LruMap<string, Entry>(maxEntries);

  const keep = (request: CompletionRequest, { written, report }: Candidate, isPrepared: boolean) => {
    // A run that stopped by time says more about the machine at that moment than about the model.
    if (written === undefined || report === undefined || report.stopReason === 'max-time') return;
    entries.set(requestKey(request), { written, isPrepared });
  };

  return {
    source(request) {
      const entry = entries.get(requestKey(request));
      if (entry === undefined || !isEnough(entry.written, minConfidenceFor(request))) return nothingFound;
      const { written, isPrepared } = entry;
      const source = isPrepared ? 'prepared' : 'remembered';
      return { source, words: calibrate(written), enough: 'compare', written };
    },
    memory: {
      remember(request, candidate) {
        keep(request, candidate, false);
        const { source, written } = candidate;
        if (source === 'prepared' && written !== undefined)
          entries.set(requestKey(request), { written, isPrepared: false });
      },
    },
    preparedMemory: { remember: (request, candidate) => keep(request, candidate, true) },
  };
}

/**
 * What answers are remembered by: the text near the cursor, the scope, and the settings of prompt and sampler. Text further
 * away and pieces of other files also change an answer, but rarely enough that a remembered one is still good.
 */
export function requestKey({
  document: { uri, prefix, suffix },
  scope,
  settings,
}: CompletionRequest): string {
  const { sampling, maxTokens, contextTokens, otherFiles, fillInTheMiddle } = settings;
  return JSON.stringify([
    uri,
    prefix.slice(-2000),
    suffix.slice(0, 500),
    scope,
    sampling,
    maxTokens,
    contextTokens,
    otherFiles,
    fillInTheMiddle,
  ]);
}
