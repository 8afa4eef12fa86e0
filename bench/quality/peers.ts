/** Those that are asked for suggestions: Sotto, the same model without Sotto's logic, and a rival without a model. */
import type { LocalModel } from '../../src/completion/local-model';
import type { CompletionSettings } from '../../src/settings/settings';
import { completeByMatch } from './ngram';
import type { Suggest } from './replay';
import { createSotto, partsOfLogic } from './sotto';
import { documentAt } from './stretches';

export interface Peer {
  readonly name: string;
  readonly what: string;
  readonly suggest: Suggest;
  /** Its suggestions at another `minConfidence`. Without this function, suggestions below it are left out, never cut. */
  readonly suggestFrom?: (minConfidence: number) => Suggest;
}

export interface PeerParts {
  readonly openModel: () => Promise<LocalModel>;
  readonly settings: CompletionSettings;
}

export function sottoPeer(parts: PeerParts, without: readonly string[] = []): Peer {
  const what = without.length === 0 ? 'as it ships' : `without ${without.join(', ')}`;
  return {
    name: 'sotto',
    what,
    suggest: createSotto({ ...parts, without }),
    suggestFrom: minConfidence =>
      createSotto({ ...parts, settings: { ...parts.settings, minConfidence }, without }),
  };
}

export function rawPeer(parts: PeerParts): Peer {
  const what = 'the same model and prompt; the rest of the line, always shown';
  const settings = { ...parts.settings, minConfidence: 0 };
  return { name: 'raw', what, suggest: createSotto({ ...parts, settings, without: partsOfLogic }) };
}

export const ngramPeer: Peer = {
  name: 'ngram',
  what: 'what followed the last time in this file',
  async suggest(stretch, at) {
    const { prefix, suffix } = documentAt(stretch, at);
    const match = completeByMatch(prefix, suffix);
    if (match === undefined) return undefined;
    // Not a probability, but longer matches are better ones. It is a half where 16 characters agree.
    return { text: match.text, replaceAfter: 0, confidence: match.length / (match.length + 16) };
  },
};
