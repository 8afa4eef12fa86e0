/**
 * `npm test`: installs what is missing and runs every check and test there is, the real VS Code included. Goes on
 * after a failure, so that one run says all; ends with a line that counts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireInstalled } from './install.mjs';

const root = join(import.meta.dirname, '..');
const reports = join(root, 'build/reports');

await requireInstalled();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

let passed = 0;
let failed = 0;

check('format, lint and layers', bin('@biomejs/biome/bin/biome'), ['check', '.']);
check('types', bin('typescript/bin/tsc'), ['-p', '.']);
tests('unit tests', []);
// The tests of the real VS Code install the packed extension, as a user would.
check('package', join(root, 'scripts/package.mjs'), []);
tests('a real VS Code', ['--config', 'vitest.host.config.mts']);

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/**
 * Runs a check that passes or fails as a whole.
 * @param {string} title
 * @param {string} script
 * @param {string[]} args
 */
function check(title, script, args) {
  const isPassed = run(title, script, args);
  if (isPassed) passed++;
  else failed++;
}

/**
 * Runs vitest and counts its tests; a run that ends badly without a failed test counts as one failure.
 * @param {string} title
 * @param {string[]} args
 */
function tests(title, args) {
  const report = join(reports, `${title.replaceAll(' ', '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isPassed = run(title, bin('vitest/vitest.mjs'), ['run', ...args, ...reporters]);
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  passed += counts.numPassedTests ?? 0;
  failed += counts.numFailedTests ?? 0;
  if (!isPassed && !counts.numFailedTests) failed++;
}

/**
 * @param {string} title
 * @param {string} script
 * @param {string[]} args
 */
function run(title, script, args) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
  );
  return status === 0;
}

/** @param {string} path below node_modules */
function bin(path) {
  return join(root, 'node_modules', path);
}
