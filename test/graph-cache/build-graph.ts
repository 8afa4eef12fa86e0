/**
 * A process that builds a graph. Its arguments are `CHECKPOINT GRAPHS-FOLDER WHEN`. WHEN is 'now', 'together' (it
 * begins and then waits until another process has begun, too) or 'never' (it begins, prints that, and waits for ever).
 */

import { readdirSync, writeSync } from 'node:fs';
import { ensureGraph } from '../../src/graph-cache/graph-cache';
import { checkpointAt } from '../checkpoint/checkpoint-at';

const [checkpoint = '', graphs = '', when] = process.argv.slice(2);
const pause = new Int32Array(new SharedArrayBuffer(4));
const begun = () => readdirSync(graphs).filter(name => name.endsWith('.unfinished')).length;

const onBuild = () => {
  writeSync(1, 'begun\n');
  if (when === 'never') Atomics.wait(pause, 0, 0);
  while (when === 'together' && begun() < 2) Atomics.wait(pause, 0, 0, 5);
};
const path = ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 }, { onBuild });
writeSync(1, `${path}\n`);
