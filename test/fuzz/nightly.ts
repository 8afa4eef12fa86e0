/** `npm run -s fuzz [MUTANTS] [SEED]`: the readers against a million damaged files, as many of each kind. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder } from '../remove-folder';
import { fuzz, fuzzParent, fuzzTargets } from './readers';

const [mutants = '1000000', seed = String(Math.floor(Date.now() / 86_400_000))] = process.argv.slice(2);
const folder = mkdtempSync(join(fuzzParent, 'sotto-fuzz-'));
try {
  const targets = fuzzTargets(folder, join(process.cwd(), 'test/fixtures'));
  for (const target of targets) {
    const { refused, slowestMs, ...result } = fuzz(
      target,
      Math.ceil(Number(mutants) / targets.length),
      Number(seed),
    );
    console.log(
      `${target.name}: ${result.mutants} damaged files, ${refused} refused, none else at fault; the slowest took ` +
        `${slowestMs.toFixed(1)} ms (seed ${seed})`,
    );
  }
} finally {
  removeFolder(folder);
}
