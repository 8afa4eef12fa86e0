/**
 * A session with both bundled models: the small one answers first, and the large one takes over as soon as it is ready and
 * in time (`bundled-models/choose-bundled-model.ts`). Each model is a session of its own, with its own process, cache and
 * memories. Two processes run at once only while one replaces the other.
 */
import { type BundledModel, bundledFolder, isThere } from './bundled-models/bundled-models';
import {
  type Choice,
  chooseBundledModel,
  explainChoice,
  type Situation,
  type Speed,
} from './bundled-models/choose-bundled-model';
import { measureSpeed, openSpeedStore, type SpeedOf, type SpeedStore } from './bundled-models/model-speeds';
import { resolveModelSource } from './checkpoint/model-source';
import type { Battery } from './common/battery';
import type { Completer } from './completion/completer';
import type { CompletionRequest } from './completion/request';
import {
  createSession,
  engineEntry,
  type OpenModel,
  type Session,
  type SessionOptions,
  threadsOf,
} from './session';

export interface AutomaticSessionOptions extends Omit<SessionOptions, 'modelPath'> {
  /** @param onChange called when the computer is plugged in or out */
  readonly watchBattery: (onChange: () => void) => WatchedBattery;
  readonly speeds?: SpeedStore;
}

/** `dispose` ends the calls of `onChange`. */
export interface WatchedBattery extends Pick<Battery, 'isInUse'> {
  dispose(): void;
}

/** Does no work yet, as `createSession`. */
export function createAutomaticSession(options: AutomaticSessionOptions): Session {
  return new AutomaticSession(options);
}

class AutomaticSession implements Session {
  private readonly sessions: Partial<Record<BundledModel, Session>> = {};
  /** Sessions that answer nothing any more. They end when their last request has. */
  private readonly retired = new Set<Session>();
  private readonly battery: WatchedBattery;
  private readonly speeds: SpeedStore;
  private readonly signal = new AbortController();
  private answers: BundledModel = 'small';
  private large: Situation['large'];
  private speed: Speed | undefined;
  private isSpeedRead = false;
  private isReplacing = false;
  private choice: Choice | undefined;
  /** The last request: when another model takes over, it has read this prompt already. */
  private lastRequest: CompletionRequest | undefined;

  constructor(private readonly options: AutomaticSessionOptions) {
    this.large = isThere(options.root, 'large') ? 'closed' : 'absent';
    this.battery = options.watchBattery(() => this.update());
    this.speeds = options.speeds ?? openSpeedStore(options.graphsFolder);
    this.sessions.small = this.create('small');
  }

  readonly completer: Completer = {
    complete: (request, signal) => this.noting(request).complete(request, signal),
    completeSeveral: (request, signal) => this.noting(request).completeSeveral(request, signal),
    completeAnew: (request, signal) => this.noting(request).completeAnew(request, signal),
    readAhead: request => this.noting(request).readAhead(request),
    prepareNext: (request, shown) => this.answering.completer.prepareNext(request, shown),
    forget: () => this.answering.completer.forget(),
  };

  get status() {
    const { status } = this.answering;
    return this.choice === undefined ? status : { ...status, choice: this.choice };
  }

  openModel(): Promise<OpenModel> {
    // The system is asked now, and has answered when the small model is open.
    this.battery.isInUse();
    return this.answering.openModel();
  }

  dispose(): void {
    this.signal.abort();
    this.battery.dispose();
    for (const session of [...Object.values(this.sessions), ...this.retired]) session.dispose();
  }

  private get answering(): Session {
    return this.sessions[this.answers]!;
  }

  private noting(request: CompletionRequest): Completer {
    // Asks the system again if its last answer is old.
    this.battery.isInUse();
    this.lastRequest = request;
    return this.answering.completer;
  }

  private create(model: BundledModel): Session {
    const session = createSession({
      ...this.options,
      modelPath: () => model,
      onStatus: () => this.onStatus(model, session),
      // Without the large model the small one goes on.
      onFault: error => model === 'small' && this.options.onFault(error),
    });
    return session;
  }

  private onStatus(model: BundledModel, session: Session): void {
    const { state } = session.status;
    if (this.retired.has(session)) {
      if (state !== 'working') this.end(session);
      return;
    }
    if (this.sessions[model] !== session || this.signal.signal.aborted) return;
    if (model === 'large' && state === 'failed') this.large = 'failed';
    // The large model is opened after the small one, so that the first suggestion comes soon.
    if (state === 'ready' || state === 'failed') this.update();
    if (model === this.answers) this.options.onStatus();
  }

  /** Looks again which model should answer, and opens or ends one. */
  private update(): void {
    if (this.signal.signal.aborted) return;
    if (this.large === 'closed' && !this.isSpeedRead) this.speed = this.keptSpeed();
    const { large, speed } = this;
    const choice = chooseBundledModel({ large, speed, isOnBattery: this.battery.isInUse() });
    this.say(choice);
    if (choice.wantsLarge && large === 'closed') void this.openLarge();
    if (choice.answers !== this.answers) void this.replaceBy(choice.answers);
    else if (this.answers === 'small' && !choice.wantsLarge) this.closeLarge();
  }

  private say(choice: Choice): void {
    const [before, now] = [this.choice, choice].map(one => one && explainChoice(one));
    this.choice = choice;
    if (now === before) return;
    this.options.log(now!);
    this.options.onStatus();
  }

  private async openLarge(): Promise<void> {
    this.large = 'opening';
    const session = this.create('large');
    this.sessions.large = session;
    const { signal } = this.signal;
    try {
      const { engine } = await session.openModel();
      if (this.speed === undefined) {
        this.speed = await measureSpeed(engine, signal);
        if (this.speed !== undefined) this.speeds.keep(this.speedOf(), this.speed);
      }
      if (this.sessions.large !== session) return;
      this.large = this.speed === undefined ? 'failed' : 'ready';
    } catch {
      // The session has logged why.
      if (this.sessions.large === session) this.large = 'failed';
    }
    this.update();
  }

  private async replaceBy(model: BundledModel): Promise<void> {
    if (this.isReplacing) return;
    this.isReplacing = true;
    try {
      const session = this.sessions[model] ?? this.create(model);
      this.sessions[model] = session;
      await session.openModel();
      await this.readPrompt(session);
      const isWanted = this.choice?.answers === model && this.sessions[model] === session;
      if (!isWanted || this.signal.signal.aborted) return;
      const old = this.answers;
      this.answers = model;
      this.options.log(`${session.status.name} takes over`);
      this.retire(old);
      this.options.onStatus();
    } catch {
      // The session has logged why. The other model goes on.
    } finally {
      this.isReplacing = false;
    }
  }

  /** The new model reads what the user is looking at, so that its first answer is not late. */
  private async readPrompt({ completer }: Session): Promise<void> {
    if (this.lastRequest === undefined) return;
    const { trace: _, ...request } = this.lastRequest;
    const settings = { ...request.settings, copies: false, debounce: 0 };
    await completer.completeAnew({ ...request, settings }, this.signal.signal).catch(() => undefined);
  }

  private closeLarge(): void {
    if (this.sessions.large === undefined) return;
    this.retire('large');
    if (this.large === 'ready' || this.large === 'opening') this.large = 'closed';
  }

  private retire(model: BundledModel): void {
    const session = this.sessions[model];
    delete this.sessions[model];
    if (session === undefined) return;
    if (model === 'large' && this.large === 'ready') this.large = 'closed';
    this.retired.add(session);
    if (session.status.state !== 'working') this.end(session);
  }

  private end(session: Session): void {
    this.retired.delete(session);
    session.dispose();
  }

  private keptSpeed(): Speed | undefined {
    this.isSpeedRead = true;
    try {
      return this.speeds.find(this.speedOf());
    } catch {
      // Opening the model says what is wrong with its files.
      return undefined;
    }
  }

  private speedOf(): SpeedOf {
    const { root, threads } = this.options;
    const modelSource = resolveModelSource(bundledFolder(root, 'large'));
    return { modelSource, threads: threadsOf(threads()), entry: engineEntry(root) };
  }
}
