/** Downloads from a hub that fails in every way: what is left on the disk, and what the user is told. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/common/clock';
import { processMark } from '../../src/common/process-mark';
import { downloadModel } from '../../src/shelf/download';
import { type Disk, realDisk } from '../../src/shelf/part-file';
import { listFiles, modelsIn } from '../../src/shelf/repository';
import { createRandom } from '../random';
import { temporaryFolder } from '../temporary-folder';
import { type Fault, startHub, type TestHub } from './hub-server';

const repository = 'ada/tiny-GGUF';
/** Not a multiple of anything that a stream or a disk is cut at. */
const content = randomBytes(300_007);

function randomBytes(length: number): Uint8Array {
  const random = createRandom(7);
  return Uint8Array.from({ length }, () => random.below(256));
}

interface Setup {
  readonly hub: TestHub;
  readonly folder: string;
  readonly file: string;
  download(options?: {
    readonly disk?: Disk;
    readonly signal?: AbortSignal;
    readonly token?: string;
  }): Promise<string | undefined>;
  readonly progress: number[];
  readonly waits: number[];
  /** Names in the repository's folder. */
  left(): readonly string[];
}

const never = new AbortController().signal;

async function setUp(faults: (count: number) => Fault | undefined = () => undefined): Promise<Setup> {
  const hub = await startHub({ [repository]: { 'tiny.gguf': content } });
  onTestFinished(() => hub.stop());
  hub.faults = faults;
  const folder = join(temporaryFolder(), 'ada', 'tiny-GGUF');
  const progress: number[] = [];
  const waits: number[] = [];
  const clock = { now: systemClock.now, sleep: async (ms: number) => void waits.push(ms) };
  return {
    hub,
    folder,
    file: join(folder, 'tiny.gguf'),
    async download({ disk = realDisk, signal = never, token } = {}) {
      const connection = { address: hub.address, ...(token !== undefined && { token }) };
      const [model] = modelsIn(await listFiles(connection, repository, never));
      const onProgress = (bytes: number) => void progress.push(bytes);
      return downloadModel(model!, { hub: connection, repository, folder, clock, onProgress, disk }, signal);
    },
    progress,
    waits,
    left: () => (existsSync(folder) ? readdirSync(folder).sort() : []),
  };
}

/** The file is whole, and nothing is left of its part. */
function expectWhole({ file, left }: Setup): void {
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(left()).toEqual(['tiny.gguf']);
}

/** Faults of the requests, in order; later requests succeed. */
const inOrder =
  (...faults: readonly Fault[]) =>
  (count: number) =>
    faults[count - 1];

it('downloads a file, and gives it its name when all bytes are there', async () => {
  const setup = await setUp();
  expect(await setup.download()).toBe(setup.file);
  expectWhole(setup);
  expect(setup.progress.at(-1)).toBe(content.length);
  expect(setup.progress).toEqual([...setup.progress].sort((a, b) => a - b));
});

it('does not download a file again that is there', async () => {
  const setup = await setUp();
  await setup.download();
  const before = setup.hub.requests.length;
  await setup.download();
  expect(setup.hub.requests.slice(before).map(({ url }) => url)).toEqual([
    `/api/models/${repository}/tree/main?recursive=true`,
  ]);
});

it('downloads a file again that has another content', async () => {
  const setup = await setUp();
  await setup.download();
  writeFileSync(setup.file, randomBytes(content.length).reverse());
  await setup.download();
  expectWhole(setup);
});

describe('resumes by range', () => {
  it('after the connection broke, by itself', async () => {
    const setup = await setUp(inOrder({ cutAt: 100_000 }, { cutAt: 250_000 }));
    await setup.download();
    expectWhole(setup);
    expect(setup.hub.requests.map(({ range }) => range).filter(range => range !== undefined)).toHaveLength(4);
  });

  it('after the user has cancelled, with what had come', async () => {
    const setup = await setUpStopped();
    expect(setup.left()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    expect(statSync(`${setup.file}.part`).size).toBe(200_000);
    await setup.download();
    expectWhole(setup);
    expect(setup.hub.requests.at(-1)?.range).toBe('bytes=200000-');
  });

  it('after a process was killed, and takes over its lock', async () => {
    const setup = await setUpStopped();
    writeFileSync(`${setup.file}.part.lock`, processMark().replace(/\d+$/, '2147483646'));
    await setup.download();
    expectWhole(setup);
  });

  it('from another mirror that has the same bytes', async () => {
    const setup = await setUpStopped();
    const part = `${setup.file}.part.json`;
    writeFileSync(part, readFileSync(part, 'utf8').replace(setup.hub.address, 'https://elsewhere.example'));
    await setup.download();
    expectWhole(setup);
    expect(setup.hub.requests.at(-1)?.range).toBe('bytes=200000-');
  });

  it('but begins anew if the file has changed on the hub since', async () => {
    const setup = await setUp(
      inOrder({ cutAt: 100_000 }, ...Array.from({ length: 5 }, () => ({ status: 503 }))),
    );
    await expect(setup.download()).rejects.toThrow('has a fault (503)');
    expect(setup.left()).toContain('tiny.gguf.part');
    const other = content.slice().reverse();
    setup.hub.repositories.get(repository)!.set('tiny.gguf', other);
    await setup.download();
    expect(readFileSync(setup.file).equals(other)).toBe(true);
  });

  it('but begins anew if the server sends the whole file', async () => {
    const setup = await setUp(inOrder({ cutAt: 100_000 }, { ignoresRange: true }));
    await setup.download();
    expectWhole(setup);
  });

  it('but begins anew if the server sends another part', async () => {
    const setup = await setUp(inOrder({ cutAt: 100_000 }, { shiftsRangeBy: -500 }));
    await setup.download();
    expectWhole(setup);
  });

  it('but begins anew if the server has fewer bytes (416)', async () => {
    const setup = await setUp(inOrder({ cutAt: 100_000 }, { status: 416 }));
    await setup.download();
    expectWhole(setup);
  });
});

describe('leaves no file that looks finished', () => {
  it('if a bit is wrong, and removes the bytes', async () => {
    const setup = await setUp(inOrder({ flipAt: 123_456 }));
    await expect(setup.download()).rejects.toThrow(
      'tiny.gguf: the bytes that came are not those that the hub names (SHA-256',
    );
    expect(setup.left()).toEqual([]);
  });

  it('if a bit is wrong in a part that was resumed', async () => {
    const setup = await setUp(inOrder({ flipAt: 10, cutAt: 100_000 }));
    await expect(setup.download()).rejects.toThrow('SHA-256');
    expect(setup.left()).toEqual([]);
  });

  it('if more bytes come than the file has', async () => {
    const setup = await setUp(() => ({ extraBytes: 5 }));
    await expect(setup.download()).rejects.toThrow('sent more bytes than the file should have');
    expect(existsSync(setup.file)).toBe(false);
  });

  it('if the file changes on the hub between list and bytes', async () => {
    const setup = await setUp(count => {
      setup.hub.repositories.get(repository)!.set('tiny.gguf', content.slice().reverse());
      return count === 1 ? { cutAt: 100_000 } : undefined;
    });
    await expect(setup.download()).rejects.toThrow('tiny.gguf has changed on 127.0.0.1');
    expect(existsSync(setup.file)).toBe(false);
  });

  it('if the disk is full, and keeps what had come', async () => {
    const setup = await setUp();
    const disk: Disk = {
      ...realDisk,
      async write(handle, bytes, position) {
        if (position + bytes.length > 150_000)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
            code: 'ENOSPC',
            syscall: 'write',
          });
        await realDisk.write(handle, bytes, position);
      },
    };
    await expect(setup.download({ disk })).rejects.toThrow(
      /^the disk is full; .* of the file have come and stay in .*tiny\.gguf\.part until/,
    );
    expect(setup.left()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    await setup.download();
    expectWhole(setup);
  });

  it('wherever the connection breaks, also several times (random places)', async () => {
    const random = createRandom(20261128);
    for (let round = 0; round < 25; round++) {
      const cuts = Array.from({ length: random.below(5) }, () => random.below(content.length));
      const faults = cuts.map(cutAt => ({ cutAt, ...(random.below(4) === 0 && { ignoresRange: true }) }));
      const setup = await setUp(count => {
        expect(existsSync(setup.file)).toBe(false);
        return faults[count - 1];
      });
      await setup.download();
      expectWhole(setup);
    }
  });
});

describe('says what is wrong', () => {
  it('if the disk has too little room, before it asks for a byte', async () => {
    const setup = await setUp();
    const disk: Disk = { ...realDisk, freeBytes: async () => 100e6 };
    await expect(setup.download({ disk })).rejects.toThrow(
      'the disk has 0.10 GB free, and 0.20 GB are needed',
    );
    expect(setup.hub.requests.filter(({ url }) => url.includes('resolve'))).toEqual([]);
  });

  it('if another process downloads the same file', async () => {
    const setup = await setUp(inOrder({ stopsAt: 200_000 }));
    const controller = new AbortController();
    const first = setup.download({ signal: controller.signal });
    await untilProgress(setup, 200_000);
    await expect(setup.download()).rejects.toThrow('is being downloaded already');
    controller.abort();
    await first;
  });

  it('if the hub stays faulty, after six tries that wait longer each time', async () => {
    const setup = await setUp(() => ({ status: 500 }));
    await expect(setup.download()).rejects.toThrow('the hub has a fault (500); try again later');
    expect(setup.waits).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('if there are too many requests, and waits as long as the hub asks', async () => {
    const setup = await setUp(inOrder({ status: 429, headers: { 'Retry-After': '7' } }));
    await setup.download();
    expect(setup.waits).toEqual([7000]);
    expectWhole(setup);
  });

  it('if the store has lost the file', async () => {
    const setup = await setUp(() => ({ status: 404 }));
    await expect(setup.download()).rejects.toThrow('has no such repository or file');
    expect(setup.waits).toEqual([]);
  });
});

it('sends the token to the hub, and not to the store that it leads to', async () => {
  const setup = await setUp();
  setup.hub.gated.set(repository, 'hf_secret');
  await expect(setup.download()).rejects.toThrow('asks for an access token');
  await setup.download({ token: 'hf_secret' });
  expectWhole(setup);
  const { host } = new URL(setup.hub.address);
  const withToken = setup.hub.requests.filter(({ authorization }) => authorization !== undefined);
  expect(withToken.length).toBeGreaterThan(1);
  expect(new Set(withToken.map(request => request.host))).toEqual(new Set([host]));
});

it('downloads a folder, with the file without which it cannot be opened last', async () => {
  const setup = await setUp();
  const config = new TextEncoder().encode('{"model_type": "llama"}');
  const files = {
    'README.md': config,
    'config.json': config,
    'model.safetensors': content,
    'tokenizer.json': config,
  };
  setup.hub.repositories.set(repository, new Map(Object.entries(files)));
  const seen: (readonly string[])[] = [];
  setup.hub.faults = () => void seen.push(setup.left());
  expect(await setup.download()).toBe(setup.folder);
  expect(setup.left()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  expect(seen[0]).not.toContain('config.json');
  expect(setup.hub.requests.at(-1)?.url).toContain('config.json');
});

it('checks a small file by the hash of Git', async () => {
  const setup = await setUp();
  const small = new TextEncoder().encode('{"model_type": "llama"}');
  setup.hub.repositories.set(
    repository,
    new Map([
      ['config.json', small],
      ['model.safetensors', content],
    ]),
  );
  const files = await listFiles({ address: setup.hub.address }, repository, never);
  setup.hub.repositories.get(repository)!.set('config.json', small.slice().reverse());
  const [model] = modelsIn(files);
  const options = {
    hub: { address: setup.hub.address },
    repository,
    folder: setup.folder,
    clock: systemClock,
    onProgress: () => undefined,
  };
  await expect(downloadModel(model!, options, never)).rejects.toThrow(
    'config.json: the bytes that came are not those that the hub names (Git hash',
  );
  expect(setup.left()).toEqual(['model.safetensors']);
});

/** A download that the user has stopped after 200,000 bytes. */
async function setUpStopped(): Promise<Setup> {
  const setup = await setUp(inOrder({ stopsAt: 200_000 }));
  const controller = new AbortController();
  const downloading = setup.download({ signal: controller.signal });
  await untilProgress(setup, 200_000);
  controller.abort();
  expect(await downloading).toBeUndefined();
  return setup;
}

async function untilProgress({ progress }: Setup, bytes: number): Promise<void> {
  while ((progress.at(-1) ?? 0) < bytes) await new Promise(resolve => setImmediate(resolve));
}
