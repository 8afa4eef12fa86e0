/** Finds the Python that can run the tests of `train/`, which need PyTorch. Nothing that ships needs it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const environment = join(root, '.cache/train-python');
const inEnvironment = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python3');

/**
 * One that has what `train/requirements.txt` names: the environment made before, or the system's. In CI, one is made:
 * elsewhere nobody's `npm test` should download PyTorch.
 * @returns {string | undefined} undefined where there is none
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
