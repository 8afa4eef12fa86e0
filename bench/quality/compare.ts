/** Sotto and its peers on the same stretches: tables, ratios, and a picture of the thresholds of confidence. */
import { writeFileSync } from 'node:fs';
import { percent } from '../measure/tables';
import { askCurve, bestAt, type CurvePoint, curveOf, replayAll } from './curve';
import { type Figures, figuresBy, figuresByPlace, figuresOf } from './measures';
import type { Peer } from './peers';
import { plot } from './plot';
import { printBest, printCurve, printFigures, printPlaces } from './print-figures';
import { type Recording, recordPeer } from './record';
import type { Stretch } from './stretches';

/** Share of suggestions that must be right to be worth looking at: our choice. */
const minPrecision = 0.4;

interface Measured {
  readonly peer: Peer;
  readonly recordings: readonly Recording[];
  readonly figures: Figures;
  readonly curve: readonly CurvePoint[];
  readonly best: CurvePoint | undefined;
}

/** @returns all figures; `ratios` has those of the first peer divided by those of each other */
export async function compare(peers: readonly Peer[], stretches: readonly Stretch[], picture?: string) {
  const measured: Measured[] = [];
  for (const peer of peers) {
    const recordings = await recordPeer(peer, stretches);
    const curve = peer.suggestFrom ? await askCurve(peer.suggestFrom, stretches) : curveOf(recordings);
    const best = bestAt(curve, minPrecision);
    measured.push({ peer, recordings, figures: figuresOf(replayAll(recordings)), curve, best });
  }
  printFigures(
    'suggestions',
    measured.map(({ peer, figures }) => [`${peer.name}: ${peer.what}`, figures]),
  );
  printBest(
    `most characters saved with ${percent(minPrecision)} right`,
    measured.map(({ peer, best }) => [peer.name, best]),
  );
  const details = measured[0] && printDetails(measured[0]);
  const lines = measured.map(({ peer, curve }) => ({ name: peer.name, curve }));
  if (picture !== undefined)
    writeFileSync(picture, plot('What a threshold of confidence trades', lines, minPrecision));
  return {
    ratios: ratiosOf(measured),
    peers: measured.map(({ peer: { name, what }, figures, best, curve }) => ({
      name,
      what,
      figures,
      best,
      curve,
    })),
    details,
  };
}

/** Prints where the first peer is good, and where not. */
function printDetails({ peer, recordings, curve }: Measured) {
  const replays = replayAll(recordings);
  const languages = figuresBy(replays, ({ source }) => source.languageId);
  const kinds = figuresBy(replays, ({ kind }) => kind);
  const places = figuresByPlace(replays);
  console.log(`\n${peer.name}, by language, by what is typed, and by place:`);
  printFigures('language', languages);
  printFigures('typed', kinds);
  printPlaces(places);
  printCurve(curve);
  return {
    languages: Object.fromEntries(languages),
    kinds: Object.fromEntries(kinds),
    places: Object.fromEntries(places),
  };
}

function ratiosOf([first, ...others]: readonly Measured[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const other of first === undefined ? [] : others) {
    const names = `${first!.peer.name} / ${other.peer.name}`;
    if (other.figures.saved > 0)
      ratios[`characters saved, ${names}`] = first!.figures.saved / other.figures.saved;
    if (other.best !== undefined && other.best.saved > 0)
      ratios[`characters saved with ${percent(minPrecision)} right, ${names}`] =
        (first!.best?.saved ?? 0) / other.best.saved;
  }
  return ratios;
}
