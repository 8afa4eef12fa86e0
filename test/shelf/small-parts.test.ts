/** Progress, speeds, and what is on the disk: the small parts of the shelf. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processMark } from '../../src/common/process-mark';
import { createProgressMeter } from '../../src/shelf/download-progress';
import {
  downloadedModels,
  removeModel,
  removeUnfinished,
  repositoryFolder,
  unfinishedDownloads,
} from '../../src/shelf/downloaded-models';
import { estimateSpeed } from '../../src/shelf/estimate-speed';
import { createMeasuredSpeeds } from '../../src/shelf/measured-speeds';
import { temporaryFolder } from '../temporary-folder';
import { write } from './stores-on-disk';

describe('progress', () => {
  it('has a speed and a time left after a second', () => {
    const meter = createProgressMeter(1000);
    expect(meter.update(0, 0)).toEqual({ share: 0 });
    expect(meter.update(50, 500)).toEqual({ share: 0.05 });
    expect(meter.update(200, 2000)).toEqual({ share: 0.2, speed: 100, secondsLeft: 8 });
  });

  it('follows the speed of the last seconds', () => {
    const meter = createProgressMeter(1e6);
    for (let second = 0; second <= 100; second++) meter.update(second * 10, second * 1000);
    let speed: number | undefined;
    for (let second = 101; second <= 110; second++) speed = meter.update(second * 1000, second * 1000).speed;
    expect(speed).toBeCloseTo(1000);
  });

  it('knows no speed while nothing comes, nor after a new beginning', () => {
    const meter = createProgressMeter(1000);
    meter.update(500, 0);
    expect(meter.update(500, 5000)).toEqual({ share: 0.5 });
    expect(meter.update(0, 6000)).toEqual({ share: 0 });
  });
});

describe('an estimated speed', () => {
  /** The bundled model: `bench:engine` on one thread. */
  const starter = { bytesPerToken: 6.8e6, layers: 6, tokensPerSecond: 895 };
  // docs/log.md, "Published model sizes": decode on one thread, int8 blocks of 128 (llama-7b: int4 blocks of 32).
  it.each([
    ['gpt2', 124e6 * 1.03, 12, 94.4],
    ['gpt2-medium', 355e6 * 1.03, 24, 41],
    ['gpt2-large', 774e6 * 1.03, 36, 19.2],
    ['gpt2-xl', 1558e6 * 1.03, 48, 10.9],
    ['llama-7b', 6607e6 * 0.625, 32, 3.9],
  ])('of %s is within a fifth of the measured one', (_, bytesPerToken, layers, measured) => {
    const estimated = estimateSpeed({ bytesPerToken, layers }, starter);
    expect(estimated / measured).toBeGreaterThan(0.8);
    expect(estimated / measured).toBeLessThan(1.2);
  });
});

describe('measured speeds', () => {
  function memory(start?: unknown) {
    let value = start;
    const writes: unknown[] = [];
    return {
      get: () => value,
      update(_: string, next: unknown) {
        value = next;
        writes.push(next);
      },
      writes,
    };
  }

  it('grow at once, shrink slowly, and are kept', () => {
    const kept = memory();
    const speeds = createMeasuredSpeeds(kept);
    speeds.add('/a', 100);
    speeds.add('/a', 200);
    expect(speeds.of('/a')).toBe(200);
    speeds.add('/a', 100);
    expect(speeds.of('/a')).toBe(190);
    expect(createMeasuredSpeeds(kept).of('/a')).toBe(190);
    expect(speeds.of('/b')).toBeUndefined();
  });

  it('are not written for a small change', () => {
    const kept = memory({ '/a': 100 });
    createMeasuredSpeeds(kept).add('/a', 104);
    expect(kept.writes).toEqual([]);
  });

  it('keep fifty models, those that were used last', () => {
    const speeds = createMeasuredSpeeds(memory());
    for (let i = 0; i < 51; i++) speeds.add(`/${i}`, 10);
    expect(speeds.of('/0')).toBeUndefined();
    expect(speeds.of('/1')).toBe(10);
  });

  it.each([null, 'x', { '/a': 'fast' }, { '/a': -1 }])('pass over %j', stored =>
    expect(createMeasuredSpeeds(memory(stored)).of('/a')).toBeUndefined(),
  );
});

describe('downloaded models', () => {
  function laidOut() {
    const models = temporaryFolder();
    const folder = repositoryFolder(models, 'ada/tiny');
    write(join(folder, 'tiny.gguf'), 'GGUF 1');
    write(join(folder, 'big-00001-of-00002.gguf'), 'GGUF 22');
    write(join(folder, 'big-00002-of-00002.gguf'), 'GGUF 333');
    const goal = {
      path: 'half.gguf',
      bytes: 100,
      sha256: 'a'.repeat(64),
      hub: 'https://h',
      repository: 'ada/half',
    };
    const half = repositoryFolder(models, 'ada/half');
    write(join(half, 'half.gguf.part'), 'GGUF');
    write(join(half, 'half.gguf.part.json'), JSON.stringify(goal));
    return { models, folder, half, goal };
  }

  it('are listed with the space that they take', () => {
    const { models } = laidOut();
    expect(downloadedModels(models).map(({ name, bytes }) => [name, bytes])).toEqual([
      ['ada/tiny/big-00001-of-00002.gguf', 15],
      ['ada/tiny/tiny.gguf', 6],
    ]);
  });

  it('are removed with their parts and their folders, and nothing else is', () => {
    const { models, folder } = laidOut();
    removeModel(models, join(folder, 'big-00001-of-00002.gguf'));
    expect(readdirSync(folder)).toEqual(['tiny.gguf']);
    removeModel(models, join(folder, 'tiny.gguf'));
    expect(readdirSync(models)).toEqual(['ada']);
    expect(readdirSync(join(models, 'ada'))).toEqual(['half']);
  });

  it('are removed as a folder without the GGUF files beside it', () => {
    const { models, folder } = laidOut();
    write(join(folder, 'config.json'), '{}');
    write(join(folder, 'model.safetensors'), 'weights');
    removeModel(models, folder);
    expect(readdirSync(folder)).not.toContain('config.json');
    expect(readdirSync(folder)).toContain('tiny.gguf');
  });

  it.each(['..', '.', 'ada', '../other/x.gguf'])('are the only thing that is removed, not %s', path => {
    const { models } = laidOut();
    expect(() => removeModel(models, join(models, path))).toThrow('is not a model that Sotto has downloaded');
  });

  it('may be unfinished, and then can be resumed or removed', () => {
    const { models, half, goal } = laidOut();
    const [unfinished] = unfinishedDownloads(models);
    expect(unfinished).toEqual({ part: join(half, 'half.gguf.part'), goal, bytes: 4, wasKilled: false });
    removeUnfinished(models, unfinished!);
    expect(existsSync(half)).toBe(false);
  });

  it('were interrupted if the process that downloaded them has ended', () => {
    const { models, half } = laidOut();
    const lock = join(half, 'half.gguf.part.lock');
    write(lock, processMark());
    expect(unfinishedDownloads(models)[0]?.wasKilled).toBe(false);
    write(lock, processMark().replace(/\d+$/, '2147483646'));
    expect(unfinishedDownloads(models)[0]?.wasKilled).toBe(true);
  });

  it.each(['', '3', '{"path": "x"}', '{"path": 3, "bytes": 4, "hub": "h", "repository": "r"}'])(
    'pass over a part that says %j of itself',
    json => {
      const { models, half } = laidOut();
      write(join(half, 'half.gguf.part.json'), json);
      expect(unfinishedDownloads(models)).toEqual([]);
    },
  );
});
