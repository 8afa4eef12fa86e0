/** What each part of Sotto is worth: Sotto with all parts, and without each. */

import type { Engine } from '../../src/generation/engine';
import { percent, printTable } from '../measure/tables';
import { replayAll } from './curve';
import { differenceOf, figuresOf } from './measures';
import { type PeerParts, sottoPeer } from './peers';
import { type Recording, recordPeer } from './record';
import { parts } from './sotto';
import type { Stretch } from './stretches';

/** @param names of the parts that are left out in turn; an empty list for all parts */
export async function ablate(
  peerParts: PeerParts,
  stretches: readonly Stretch[],
  names: readonly string[] = [],
) {
  const decoded = countDecoded(peerParts);
  const record = async (without: readonly string[]) => {
    const before = decoded.tokens();
    const recordings = await recordPeer(sottoPeer(decoded.parts, without), stretches);
    return { recordings, tokensPerCharacter: (decoded.tokens() - before) / shownCharacters(recordings) };
  };
  const { recordings: whole, tokensPerCharacter } = await record([]);
  const rows = [{ name: 'with all', tokensPerCharacter, ...measure(whole, whole) }];
  for (const name of names.length === 0 ? parts.keys() : names) {
    const { recordings, ...costs } = await record([name]);
    rows.push({ name: `without ${name}`, ...costs, ...measure(recordings, whole) });
  }
  const heads = [
    'characters saved',
    'worth',
    'right',
    'shown per 100 keys',
    'tokens decoded a character shown',
  ];
  printTable(
    ['Sotto', ...heads],
    rows.map(({ name, figures, worth, tokensPerCharacter }, index) => [
      name,
      percent(figures.saved),
      index === 0 ? '' : `${percent(worth.saved)} ± ${percent(worth.standardError)}`,
      percent(figures.precision),
      figures.shownPerHundredKeys.toFixed(1),
      tokensPerCharacter.toFixed(3),
    ]),
  );
  console.log(
    '\nWorth: what is saved with the part, minus what is saved without it, and its standard error.',
  );
  return { rows };
}

/** Counts the tokens that a completer reads, whether an answer is new or remembered. */
function countDecoded(peerParts: PeerParts) {
  let tokens = 0;
  const openModel = async () => {
    const model = await peerParts.openModel();
    const engine: Engine = {
      async *generate(request, signal) {
        for await (const event of model.engine.generate(request, signal)) {
          if (event.type === 'token') tokens++;
          yield event;
        }
      },
    };
    return { ...model, engine };
  };
  return { parts: { ...peerParts, openModel }, tokens: () => tokens };
}

/** At all stops of the cursor. */
function shownCharacters(recordings: readonly Recording[]): number {
  const texts = recordings.flatMap(({ answers }) => [...answers.values()].map(({ text }) => text));
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function measure(recordings: readonly Recording[], whole: readonly Recording[]) {
  const replays = replayAll(recordings);
  return {
    figures: figuresOf(replays),
    worth: differenceOf(replayAll(whole), replays),
  };
}
