/** `npm run -s fuzz [MUTANTS] [SEED]`: gives the readers a million damaged files, the same number of each kind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
      `${target.name}: ${result.mutants} damaged files, ${refused} refused, no reader failed; the slowest took ` +
        `${slowestMs.toFixed(1)} ms (seed ${seed})`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
