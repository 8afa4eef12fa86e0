import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JsonFile } from '../../../src/checkpoint/json-file';
import { readGraniteMoeHybridConfig } from '../../../src/model/architectures/granite-moe-hybrid';

const config = JSON.parse(readFileSync('test/fixtures/tiny-granite-moe-hybrid/config.json', 'utf8'));
const read = (change: Readonly<Record<string, unknown>>) =>
  readGraniteMoeHybridConfig(JsonFile.of('config.json', { ...config, ...change }));

describe('Granite 4', () => {
  it('may call its layers attention, as the published models do', () =>
    expect(read({ layer_types: ['attention', 'attention'] })).toEqual(read({})));

  it('has no positions if the configuration names none', () =>
    expect([read({}), read({ position_embedding_type: null })].map(each => each.hasPositions)).toEqual([
      true,
      false,
    ]));

  it.each<[string, object, string]>([
    [
      'with a layer of Mamba',
      { layer_types: ['mamba', 'attention'] },
      'layer_types: found "mamba", expected attention',
    ],
    [
      'that does not say its layers',
      { layer_types: null },
      'layer_types: found null, expected the type of each layer',
    ],
    ['with too few layers', { layer_types: ['attention'] }, 'layer_types: found 1, expected 2 types'],
    [
      'with experts',
      { num_local_experts: 8 },
      'num_local_experts: found 8, expected 0: experts are not supported',
    ],
    ['with other positions', { position_embedding_type: 'alibi' }, 'position_embedding_type: found "alibi"'],
  ])('is refused %s', (_, change, message) => expect(() => read({ ...change })).toThrow(message));
});
