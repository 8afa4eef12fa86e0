/**
 * `npm test`: installs what is missing and runs all checks and tests, also those in a real VS Code. It goes on after a
 * failure, so that one run reports all of them. The last line counts them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireInstalled } from './install.mjs';
import { findTrainPython } from './train-python.mjs';

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
// The tests in a real VS Code install the packed extension, as a user does.
check('package', join(root, 'scripts/package.mjs'), []);
tests('a real VS Code', ['--config', 'vitest.host.config.mts']);
trainTests();

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/**
 * Runs a check that passes or fails as a whole.
 * @param {string} title
 * @param {string} script
 * @param {string[]} args
 * @param {string} [program]
 */
function check(title, script, args, program) {
  const isPassed = run(title, script, args, program);
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

/** Tests `train/`, if there is a Python with PyTorch. Otherwise says how to get one. */
function trainTests() {
  const python = findTrainPython();
  if (python === undefined) {
    console.log('\n== train/ is not tested here: no python3 with PyTorch. For that,');
    console.log('   python3 -m venv .cache/train-python');
    console.log('   .cache/train-python/bin/python3 -m pip install -r train/requirements.txt');
    return;
  }
  check('train: lint', '-m', ['ruff', 'check', 'train'], python);
  check('train: format', '-m', ['ruff', 'format', '--check', 'train'], python);
  const report = join(reports, 'train.xml');
  const isPassed = run(
    'train: tests',
    '-m',
    ['pytest', '-q', `--junit-xml=${report}`, 'train/tests'],
    python,
  );
  const counts = existsSync(report) ? readFileSync(report, 'utf8') : '';
  /** @param {string} name */
  const count = name => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(counts)?.[1] ?? 0);
  const bad = count('failures') + count('errors');
  passed += count('tests') - bad - count('skipped');
  failed += bad || (isPassed ? 0 : 1);
}

/**
 * @param {string} title
 * @param {string} script
 * @param {string[]} args
 * @param {string} program
 */
function run(title, script, args, program = process.execPath) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const { status } = spawnSync(program, [script, ...args], { cwd: root, stdio: 'inherit' });
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
  );
  return status === 0;
}

/** @param {string} path below node_modules */
function bin(path) {
  return join(root, 'node_modules', path);
}
