/** What each part of Sotto is worth: Sotto with all parts, and without each. */

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
  const whole = await recordPeer(sottoPeer(peerParts), stretches);
  const rows = [{ name: 'with all', ...measure(whole, whole) }];
  for (const name of names.length === 0 ? parts.keys() : names) {
    const recordings = await recordPeer(sottoPeer(peerParts, [name]), stretches);
    rows.push({ name: `without ${name}`, ...measure(recordings, whole) });
  }
  const heads = ['characters saved', 'worth', 'right', 'shown per 100 keys'];
  printTable(
    ['Sotto', ...heads],
    rows.map(({ name, figures, worth }, index) => [
      name,
      percent(figures.saved),
      index === 0 ? '' : `${percent(worth.saved)} ± ${percent(worth.standardError)}`,
      percent(figures.precision),
      figures.shownPerHundredKeys.toFixed(1),
    ]),
  );
  console.log(
    '\nWorth: what is saved with the part, minus what is saved without it, and its standard error.',
  );
  return { rows };
}

function measure(recordings: readonly Recording[], whole: readonly Recording[]) {
  const replays = replayAll(recordings);
  return {
    figures: figuresOf(replays),
    worth: differenceOf(replayAll(whole), replays),
  };
}
