/**
 * The engine as a child process: it is started on first use, restarted with backoff when it dies, and killed when it
 * hangs. Its crash is never a crash of the editor: the request that was running ends with the reason 'failed'.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { ModelFileError } from '../checkpoint/model-file-error';
import { untilAborted } from '../common/clock';
import type { Engine, GenerateEvent, GenerateRequest } from '../generation/engine';
import { engineEnvironment, engineOptions } from './engine-environment';
import type { FromEngine, LoadReport, LoadRequest, ToEngine } from './protocol';
import { createSpeedMeter } from './speed-meter';

/** 'preparing': the model's graph is being built. This happens once; for a large model it takes minutes. */
export type EngineState = 'idle' | 'preparing' | 'loading' | 'ready' | 'working' | 'failed';

/** How much of a model's graph is built. */
export interface Progress {
  /** 0 to 1. */
  readonly done: number;
  /** Undefined until enough is done to tell. */
  readonly msLeft: number | undefined;
}

export interface EngineClientOptions extends LoadRequest {
  /** The bundled `engine.js`. */
  readonly entry: string;
  readonly log: (line: string) => void;
  readonly onState: (state: EngineState) => void;
  /** Called a few times a second, at most, while the state is 'preparing'. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called after each answer that is long enough to say how fast the model writes, in tokens a second. */
  readonly onSpeed?: (tokensPerSecond: number) => void;
  /** Milliseconds before the first restart. Each further restart waits twice as long. */
  readonly backoffMs?: number;
}

export interface EngineClient extends Engine {
  readonly state: EngineState;
  /**
   * Starts the process if it is not running, and waits until its model is loaded.
   * @throws Error that says why the model cannot be loaded; ModelFileError if its files are at fault
   */
  start(): Promise<LoadReport>;
  /** The process's id while it runs. */
  readonly pid: number | undefined;
  dispose(): void;
}

const shutDown = 'the engine is shut down';
const firstBackoffMs = 250;
const maxBackoffMs = 30_000;
/** A process that sends nothing for this long during a request hangs. */
const maxSilenceMs = 30_000;

export function createEngineClient(options: EngineClientOptions): EngineClient {
  return new ForkedEngine(options);
}

/** One life of the process: from fork to exit. */
interface Life {
  readonly child: ChildProcess;
  /** Whether its model was ever ready. */
  hasLoaded: boolean;
  readonly loaded: Promise<LoadReport>;
  readonly requests: Map<number, AsyncQueue<GenerateEvent>>;
}

class ForkedEngine implements EngineClient {
  state: EngineState = 'idle';
  private life: Life | undefined;
  private nextRequestId = 1;
  private deathsInARow = 0;
  private notBefore = 0;
  private fault: ModelFileError | undefined;
  private isDisposed = false;

  constructor(private readonly options: EngineClientOptions) {}

  get pid(): number | undefined {
    return this.life?.child.pid;
  }

  async start(): Promise<LoadReport> {
    if (this.isDisposed) throw new Error(shutDown);
    if (this.fault !== undefined) throw this.fault;
    if (this.life === undefined) {
      const wait = this.notBefore - performance.now();
      if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
      if (this.isDisposed) throw new Error(shutDown);
      this.life ??= this.fork();
    }
    return this.life.loaded;
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    const started = this.start().then(
      () => true,
      () => false,
    );
    const isStarted = await untilAborted(started, signal);
    if (signal.aborted) return yield { type: 'end', reason: 'aborted', ms: 0 };
    const life = this.life;
    if (!isStarted || life === undefined) return yield { type: 'end', reason: 'failed', ms: 0 };

    const requestId = this.nextRequestId++;
    const events = new AsyncQueue<GenerateEvent>();
    life.requests.set(requestId, events);
    const abort = () => this.send(life, { type: 'abort', requestId });
    signal.addEventListener('abort', abort);
    this.setState('working');
    const speed = createSpeedMeter();
    let isOver = false;
    try {
      this.send(life, { type: 'generate', requestId, request });
      while (!isOver) {
        const event = await events.next(maxSilenceMs, () => this.killSilent(life));
        if (event.type === 'prefill') this.deathsInARow = 0;
        isOver = event.type === 'end';
        speed.see(event);
        yield event;
      }
    } finally {
      // A reader that left the loop early wants no more tokens.
      if (!isOver) abort();
      if (speed.tokensPerSecond !== undefined) this.options.onSpeed?.(speed.tokensPerSecond);
      signal.removeEventListener('abort', abort);
      life.requests.delete(requestId);
      if (life === this.life && life.requests.size === 0) this.setState('ready');
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.life?.child.kill('SIGKILL');
  }

  private fork(): Life {
    const { entry, log, modelSource, graphsFolder, threads } = this.options;
    this.setState('loading');
    const child = fork(entry, [], {
      env: engineEnvironment(),
      execArgv: [...engineOptions],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    log(`engine process ${child.pid} started`);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log(`engine process: ${text.trimEnd()}`));

    const requests: Life['requests'] = new Map();
    let buildStart = 0;
    const loaded = new Promise<LoadReport>((resolve, reject) => {
      child.on('message', (message: FromEngine) => {
        switch (message.type) {
          case 'loading':
            if (message.step === 'build') log('the graph is not in the cache and is built');
            buildStart = performance.now();
            this.setState(message.step === 'build' ? 'preparing' : 'loading');
            return;
          case 'building':
            if (!this.isDisposed)
              this.options.onProgress?.(estimate(message.done, performance.now() - buildStart));
            return;
          case 'loaded':
            log(
              `model loaded: graph built in ${message.buildMs.toFixed(0)} ms, opened in ${message.openMs.toFixed(0)} ms`,
            );
            if (message.note !== undefined) log(message.note);
            this.setState('ready');
            life.hasLoaded = true;
            return resolve(message);
          case 'model-fault':
            this.fault = new ModelFileError(message.file, message.field, message.problem);
            log(`model not loaded: ${this.fault.message}`);
            return reject(this.fault);
          case 'load-failed':
            log(`model not loaded: ${message.message}`);
            return reject(new Error(message.message));
          case 'event':
            requests.get(message.requestId)?.push(message.event);
            return;
          case 'alive':
            for (const events of requests.values()) events.prolong();
            return;
          case 'request-failed':
            log(`request failed: ${message.message}`);
            requests.get(message.requestId)?.push({ type: 'end', reason: 'failed', ms: 0 });
        }
      });
      child.on('error', error => {
        reject(error);
        // A process that could not even be started sends no 'exit'.
        if (child.pid === undefined) this.onExit(life, error.message);
      });
      child.on('exit', (code, killedBy) => {
        reject(new Error(this.isDisposed ? shutDown : `the engine's process ended (${killedBy ?? code})`));
        this.onExit(life, killedBy ?? `code ${code}`);
      });
    });
    // Callers of start() get this error. If there are none, it must not be an unhandled rejection.
    loaded.catch(() => this.failLoading(child));
    const life: Life = { child, hasLoaded: false, loaded, requests };
    const mayRebuild = this.deathsInARow === 0;
    this.send(life, { type: 'load', modelSource, graphsFolder, threads, mayRebuild });
    return life;
  }

  /** Ends a process that could not load its model. */
  private failLoading(child: ChildProcess): void {
    this.setState('failed');
    child.kill('SIGKILL');
  }

  private onExit(life: Life, how: string): void {
    if (this.life === life) this.life = undefined;
    for (const events of life.requests.values()) events.push({ type: 'end', reason: 'failed', ms: 0 });
    if (this.isDisposed) return;
    const backoff = Math.min(
      maxBackoffMs,
      (this.options.backoffMs ?? firstBackoffMs) * 2 ** this.deathsInARow,
    );
    // If loading fails twice (no memory, no room on the disk), it is not tried again until a completion asks.
    const isRetried = life.hasLoaded || this.deathsInARow === 0;
    this.deathsInARow++;
    this.notBefore = performance.now() + backoff;
    this.setState('failed');
    const next = this.fault ? '' : `; starts again ${isRetried ? '' : 'when asked, '}in ${backoff} ms`;
    this.options.log(`engine process ${life.child.pid} ended (${how})${next}`);
    if (this.fault === undefined && isRetried) void this.start().catch(() => undefined);
  }

  private killSilent(life: Life): void {
    this.options.log(`engine process ${life.child.pid} said nothing for ${maxSilenceMs} ms and is killed`);
    life.child.kill('SIGKILL');
  }

  private send(life: Life, message: ToEngine): void {
    if (life.child.connected) life.child.send(message, () => undefined);
  }

  private setState(state: EngineState): void {
    if (this.state === state || this.isDisposed) return;
    this.state = state;
    this.options.onState(state);
  }
}

/** Before this much is done and this long has passed, a guess of the time left would jump. */
const minDone = 0.15;
const minElapsedMs = 1_000;

/** Tensors cost about as much time as they have elements, so the time left is in proportion. */
export function estimate(done: number, elapsedMs: number): Progress {
  const isEarly = done < minDone || elapsedMs < minElapsedMs;
  return { done, msLeft: isEarly ? undefined : (elapsedMs * (1 - done)) / done };
}

/** Values that one side adds as they come and the other side awaits one by one. */
export class AsyncQueue<T> {
  private readonly waiting: T[] = [];
  private deliver: ((value: T) => void) | undefined;
  private silence: NodeJS.Timeout | undefined;

  push(value: T): void {
    if (this.deliver === undefined) this.waiting.push(value);
    else this.deliver(value);
  }

  /** The next value is on its way: the time until `onSilence` starts again. */
  prolong(): void {
    this.silence?.refresh();
  }

  /** The next value. If none comes for `silenceMs`, `onSilence` is called once and the wait goes on. */
  next(silenceMs: number, onSilence: () => void): Promise<T> {
    if (this.waiting.length > 0) return Promise.resolve(this.waiting.shift()!);
    return new Promise(resolve => {
      this.silence = setTimeout(onSilence, silenceMs);
      this.deliver = value => {
        clearTimeout(this.silence);
        this.silence = undefined;
        this.deliver = undefined;
        resolve(value);
      };
    });
  }
}
