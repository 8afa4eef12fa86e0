/** Finds a Python that can run the tests of `train/`, which need PyTorch. The extension itself needs no Python. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const environment = join(root, '.cache/train-python');
const inEnvironment = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python3');

/**
 * Returns a Python that has the packages of `train/requirements.txt`: from the environment in `.cache/`, or the
 * system's. In CI it creates the environment. Elsewhere it does not: `npm test` must not download PyTorch.
 * @returns {string | undefined}
 */
export function findTrainPython() {
  for (const python of [inEnvironment, 'python3']) if (canTrain(python)) return python;
  if (!process.env['CI'] || !run('python3', ['--version'])) return undefined;
  if (!existsSync(inEnvironment) && !run('python3', ['-m', 'venv', environment])) return undefined;
  const requirements = join(root, 'train/requirements.txt');
  if (!run(inEnvironment, ['-m', 'pip', 'install', '--quiet', '-r', requirements], 'inherit'))
    return undefined;
  return canTrain(inEnvironment) ? inEnvironment : undefined;
}

/** @param {string} python */
function canTrain(python) {
  return run(python, ['-c', 'import gguf, pytest, safetensors, tiktoken, torch, transformers']);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {'ignore' | 'inherit'} stdio
 */
function run(command, args, stdio = 'ignore') {
  return spawnSync(command, args, { cwd: root, stdio }).status === 0;
}
