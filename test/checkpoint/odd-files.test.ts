/** Odd things in the place of a model's file: links are followed, and anything that is not a file is an error. */

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { ensureGraph } from '../../src/graph-cache/graph-cache';
import { inspectCheckpoint, readShape } from '../../src/model/inspect-checkpoint';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { readVocabMerges } from '../../src/tokenizer/vocab-merges';
import { canLink } from '../operating-system';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { checkpointAt } from './checkpoint-at';
import { writeStarterFolder } from './starter';

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');

if (canLink)
  it('links out of the folder are followed, as in the cache of huggingface_hub', async () => {
    const hub = temporaryFolder();
    const starter = writeStarterFolder(join(hub, 'starter'));
    const [blobs, snapshot] = [join(hub, 'blobs'), join(hub, 'snapshots', 'main')];
    mkdirSync(blobs);
    mkdirSync(snapshot, { recursive: true });
    for (const [hash, name] of ['config.json', 'model.safetensors', 'vocab.json'].entries()) {
      copyFileSync(join(starter, name), join(blobs, `${hash}`));
      symlinkSync(join('..', '..', 'blobs', `${hash}`), join(snapshot, name));
    }
    expect(inspectCheckpoint(checkpointAt(snapshot))).toEqual(inspectCheckpoint(checkpointAt(starter)));
    expect((await loadTokenizer(snapshot)).encode('x = 1')).toEqual(
      (await loadTokenizer(starter)).encode('x = 1'),
    );
  });

type Oddity = readonly [make: (path: string) => void, problem: string];

/** Things that a path may lead to instead of a file, and the error. */
const everywhere: Readonly<Record<string, Oddity>> = {
  'a folder': [path => mkdirSync(path), 'is not a file'],
};

const withLinks: Readonly<Record<string, Oddity>> = {
  'a link to nothing': [path => symlinkSync('nothing', path), 'cannot be read (ENOENT)'],
  'a link to itself': [path => symlinkSync(path, path), 'cannot be read (ELOOP)'],
};

/** Things that Windows does not have. */
const onUnix: Readonly<Record<string, Oddity>> = {
  'a pipe': [path => execFileSync('mkfifo', [path]), 'is not a file'],
  'a link to a device': [path => symlinkSync('/dev/zero', path), 'is not a file'],
  'a link to a pipe': [
    path => {
      execFileSync('mkfifo', [`${path}.pipe`]);
      symlinkSync(`${path}.pipe`, path);
    },
    'is not a file',
  ],
};

const oddities = {
  ...everywhere,
  ...(canLink ? withLinks : {}),
  ...(process.platform === 'win32' ? {} : onUnix),
};

describe.each(Object.entries(oddities))('%s', (_, [make, problem]) => {
  /** A folder of tiny-llama where `name` is odd. */
  function oddFolder(name: string): string {
    const folder = temporaryFolder();
    for (const each of ['config.json', 'model.safetensors'])
      if (each !== name) copyFileSync(join(tinyLlama, each), join(folder, each));
    make(join(folder, name));
    return folder;
  }

  it.each(['config.json', 'model.safetensors'])('for %s', name => {
    const folder = oddFolder(name);
    checkFault(() => inspectCheckpoint(checkpointAt(folder)), join(folder, name), 'file', problem);
  });

  it('for the index of weights', () => {
    const folder = oddFolder('model.safetensors.index.json');
    expect(inspectCheckpoint(checkpointAt(folder))).toEqual(inspectCheckpoint(checkpointAt(tinyLlama)));
  });

  it('for vocab.json', async () => {
    const folder = oddFolder('vocab.json');
    await expect(loadTokenizer(folder)).rejects.toThrow(`${join(folder, 'vocab.json')}: file: ${problem}`);
  });

  it('for merges.txt', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.json'), '{"model_type": "gpt2"}');
    writeFileSync(join(folder, 'vocab.json'), '{}');
    make(join(folder, 'merges.txt'));
    checkFault(() => readVocabMerges(folder), join(folder, 'merges.txt'), 'file', problem);
  });

  it('for the whole model', () => {
    const path = join(temporaryFolder(), 'model');
    make(path);
    const read = () => readShape(resolveModelSource(path));
    // A link that leads nowhere counts as nothing.
    if (existsSync(path)) checkFault(read, join(path, 'config.json'), 'file', 'cannot be read');
    else checkFault(read, path, 'file', 'is not there');
  });

  it('leaves no graph behind', () => {
    const graphs = temporaryFolder();
    expect(() => ensureGraph(checkpointAt(oddFolder('config.json')), graphs, { bits: 8 })).toThrow(
      'config.json: file: ',
    );
    expect(readdirSync(graphs)).toEqual([]);
  });
});
