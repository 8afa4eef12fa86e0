/** Models in folders of other programs, laid out as those programs do. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { findModels } from '../../src/shelf/find-models';
import { canLink } from '../operating-system';
import { temporaryFolder } from '../temporary-folder';
import { addToHub, addToOllama, write } from './stores-on-disk';

const gguf = (content: string) => new TextEncoder().encode(`GGUF ${content}`);
const namesOf = (layout: 'ollama' | 'hub' | 'files', folder: string) =>
  findModels([{ program: 'P', layout, folder }]).map(({ name }) => name);

describe('Ollama', () => {
  it('has the names that it prints, and the blobs as paths', () => {
    const folder = temporaryFolder();
    const path = addToOllama(folder, 'registry.ollama.ai/library/qwen2.5-coder/1.5b-base', gguf('a'));
    addToOllama(folder, 'registry.ollama.ai/ada/mine/latest', gguf('b'));
    addToOllama(folder, 'hf.co/bartowski/Tiny-GGUF/Q4_K_M', gguf('c'));
    expect(namesOf('ollama', folder)).toEqual([
      'hf.co/bartowski/Tiny-GGUF:Q4_K_M',
      'ada/mine:latest',
      'qwen2.5-coder:1.5b-base',
    ]);
    expect(findModels([{ program: 'Ollama', layout: 'ollama', folder }]).at(-1)).toEqual({
      program: 'Ollama',
      name: 'qwen2.5-coder:1.5b-base',
      path,
      bytes: 6,
    });
  });

  it('gives a blob its name when it is opened by its path', () => {
    const folder = temporaryFolder();
    const path = addToOllama(folder, 'registry.ollama.ai/library/tiny/latest', gguf('a'));
    expect(resolveModelSource(path).name).toBe('tiny:latest');
    const lone = write(join(temporaryFolder(), 'blobs', `sha256-${'a'.repeat(64)}`), gguf('a'));
    expect(resolveModelSource(lone).name).toBe(`sha256-${'a'.repeat(64)}`);
  });

  it('may list a model for several runners, also by the digest of its manifest', () => {
    const folder = temporaryFolder();
    const layer = (content: string) => {
      const digest = addToOllama(temporaryFolder(), 'host/n/m/t', gguf(content)).slice(-64);
      write(join(folder, 'blobs', `sha256-${digest}`), gguf(content));
      return { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` };
    };
    const mlx = { layers: [{ mediaType: 'application/vnd.ollama.image.tensor' }] };
    const manifests = join(folder, 'manifests/registry.ollama.ai/library');
    write(join(manifests, 'one/latest'), JSON.stringify({ manifests: [mlx, { layers: [layer('a')] }] }));
    const child = 'c'.repeat(64);
    write(join(folder, 'blobs', `sha256-${child}`), JSON.stringify({ layers: [layer('b')] }));
    write(join(manifests, 'two/latest'), JSON.stringify({ manifests: [{ digest: `sha256:${child}` }] }));
    write(join(manifests, 'three/latest'), JSON.stringify(mlx));
    expect(namesOf('ollama', folder)).toEqual(['one:latest', 'two:latest']);
  });

  it.each<[string, string]>([
    ['damaged', '{"layers": ['],
    ['no object', '3'],
    ['of another shape', '{"layers": {"mediaType": 3}}'],
    [
      'without its blob',
      JSON.stringify({
        layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${'b'.repeat(64)}` }],
      }),
    ],
    [
      'with a digest that leads elsewhere',
      JSON.stringify({
        layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: '../../../secret' }],
      }),
    ],
  ])('passes over a manifest that is %s', (_, manifest) => {
    const folder = temporaryFolder();
    write(join(folder, 'manifests/registry.ollama.ai/library/odd/latest'), manifest);
    addToOllama(folder, 'registry.ollama.ai/library/tiny/latest', gguf('a'));
    expect(namesOf('ollama', folder)).toEqual(['tiny:latest']);
  });
});

describe("Hugging Face's cache", () => {
  it('has GGUF files and whole folders, of the version that main names', () => {
    const folder = temporaryFolder();
    addToHub(folder, 'ada/tiny-GGUF', { 'old.gguf': 'GGUF' }, 'f'.repeat(40));
    addToHub(folder, 'ada/tiny-GGUF', {
      'tiny-Q4.gguf': 'GGUF',
      'mmproj-tiny.gguf': 'GGUF',
      'sub/tiny-Q8.gguf': 'GGUF 8',
    });
    const snapshot = addToHub(folder, 'ada/whole', { 'config.json': '{}', 'model.safetensors': 'weights' });
    expect(namesOf('hub', folder)).toEqual([
      'ada/tiny-GGUF/tiny-Q4.gguf',
      ...(canLink ? ['ada/tiny-GGUF/tiny-Q8.gguf'] : ['ada/tiny-GGUF/tiny-Q8.gguf']),
      'ada/whole',
    ]);
    expect(findModels([{ program: 'P', layout: 'hub', folder }]).at(-1)).toMatchObject({
      path: snapshot,
      bytes: 7,
    });
  });

  it('counts a file in several parts once, with all its bytes', () => {
    const folder = temporaryFolder();
    addToHub(folder, 'ada/big', {
      'big-00001-of-00002.gguf': 'GGUF one',
      'big-00002-of-00002.gguf': 'GGUF two!',
    });
    const [model, ...others] = findModels([{ program: 'P', layout: 'hub', folder }]);
    expect(others).toEqual([]);
    expect(model).toMatchObject({ name: 'ada/big/big-00001-of-00002.gguf', bytes: 17 });
  });
});

describe('a folder of files', () => {
  it('is looked through, and has the names of the files', () => {
    const folder = temporaryFolder();
    write(join(folder, 'owner/repo/tiny-Q4_K_M.gguf'), 'GGUF');
    write(join(folder, 'jan-model/model.gguf'), 'GGUF 2');
    write(join(folder, 'half.gguf.part'), 'GGUF');
    write(join(folder, 'notes.txt'), 'GGUF');
    expect(namesOf('files', folder)).toEqual(['jan-model', 'tiny-Q4_K_M.gguf']);
  });

  it('may be missing', () => expect(namesOf('files', join(temporaryFolder(), 'none'))).toEqual([]));

  if (canLink)
    it('may have links that lead in a circle, or nowhere', () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'a'));
      symlinkSync(folder, join(folder, 'a', 'circle'));
      symlinkSync('nowhere', join(folder, 'gone.gguf'));
      write(join(folder, 'tiny.gguf'), 'GGUF');
      expect(namesOf('files', folder)).toEqual(['gone.gguf', 'tiny.gguf']);
    });

  it('shares a file with another program, and the first one has it', () => {
    const folder = temporaryFolder();
    write(join(folder, 'tiny.gguf'), 'GGUF');
    const found = findModels([
      { program: 'A', layout: 'files', folder },
      { program: 'B', layout: 'files', folder },
    ]);
    expect(found.map(({ program }) => program)).toEqual(['A']);
  });
});
