/**
 * The command 'Choose Model': a list of the models in the box, those that were downloaded, those that other programs have
 * on this machine, and those that can be downloaded. It asks the network for nothing before the user chooses a download.
 */
import { rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type Disposable,
  env,
  l10n,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  type SecretStorage,
  ThemeIcon,
  Uri,
  window,
  workspace,
} from 'vscode';
import { currentHub } from '../settings/settings.vscode';
import { catalogue } from '../shelf/catalogue';
import {
  downloadedModels,
  removeModel,
  removeUnfinished,
  type UnfinishedDownload,
  unfinishedDownloads,
} from '../shelf/downloaded-models';
import { type Cost, estimateSpeed, type MeasuredModel } from '../shelf/estimate-speed';
import { inspectModels } from '../shelf/inspect-models';
import type { MeasuredSpeeds } from '../shelf/measured-speeds';
import type { FoundModel, Inspection } from '../shelf/model-facts';
import { modelStores, readSmallText } from '../shelf/model-stores';
import { readRepositoryName } from '../shelf/repository';
import { askForFile, chooseModel } from './choose-model';
import {
  describeCatalogueModel,
  describeModel,
  explainNumbers,
  formatBytes,
  type Speed,
} from './describe-model';
import { createModelDownloads, type DownloadRequest } from './download-model';

/** A model that ships with Sotto. */
export interface BoxModel {
  /** What the setting `sotto.model` has for it. */
  readonly value: string;
  /** Its folder. */
  readonly path: string;
}

export interface ModelShelfOptions {
  readonly box: readonly BoxModel[];
  /** The bundled `inspection.js`. */
  readonly inspectionEntry: string;
  /** The extension's own folder, where downloads go. */
  readonly storage: string;
  readonly secrets: SecretStorage;
  readonly speeds: Pick<MeasuredSpeeds, 'of'>;
  readonly log: (line: string) => void;
}

export interface ModelShelf {
  show(): void;
  /** Asks about downloads that ended with VS Code. */
  askAboutInterrupted(): Promise<void>;
}

interface ShelfItem extends QuickPickItem {
  readonly choose?: () => unknown;
  /** Asks the user first. */
  readonly remove?: () => Promise<unknown>;
  readonly page?: string;
}

export function createModelShelf(options: ModelShelfOptions): ModelShelf {
  const { box, inspectionEntry, storage, secrets, speeds, log } = options;
  const modelsFolder = join(storage, 'models');
  const trash = { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove From This Machine') };
  const info = { iconPath: new ThemeIcon('info'), tooltip: l10n.t('What the Numbers Mean') };
  const link = {
    iconPath: new ThemeIcon('link-external'),
    tooltip: l10n.t('Open Its Page in the Browser'),
  };
  const downloads = createModelDownloads(modelsFolder, secrets, log);

  const startDownload = async (request: DownloadRequest) => {
    const path = await downloads.download(request);
    if (path !== undefined) await chooseModel(path);
  };
  const resume = ({ goal: { repository, path } }: UnfinishedDownload) =>
    startDownload({ repository, file: path, isResumed: true });

  const nameRepository = async () => {
    const typed = await window.showInputBox({
      title: l10n.t('A repository of {0}', hostOfHub()),
      prompt: l10n.t('OWNER/NAME, or OWNER/NAME/FILE.gguf. The hub is then asked for its files.'),
      placeHolder: 'Qwen/Qwen2.5-Coder-1.5B',
      validateInput: text =>
        text.trim() === '' || readRepositoryName(text) !== undefined
          ? undefined
          : l10n.t('Expected OWNER/NAME, or OWNER/NAME/FILE.gguf.'),
    });
    const name = readRepositoryName(typed ?? '');
    if (name !== undefined) await startDownload(name);
  };

  /** One opening of the list. */
  const open = (hasToken: boolean) => {
    const pick = window.createQuickPick<ShelfItem>();
    const controller = new AbortController();
    const inspections = new Map<string, Inspection>();
    let found: readonly FoundModel[] = [];
    const current = String(workspace.getConfiguration('sotto').get('model') ?? '');

    const modelItem = (model: FoundModel, value: string, more: Partial<ShelfItem> = {}): ShelfItem => {
      const inspection = inspections.get(model.path);
      const isRunnable = inspection === undefined || 'facts' in inspection;
      const icon = value === current ? '$(check) ' : isRunnable ? '$(circle-outline) ' : '$(error) ';
      return {
        label: icon + model.name,
        description: value === current ? l10n.t('in use') : '',
        detail: describeModel(model.bytes, inspection, speedOf(model.path, inspection)),
        choose: () => (isRunnable ? chooseModel(value) : sayWhyNot(model, inspection)),
        ...more,
      };
    };
    const reference = (): MeasuredModel | undefined => {
      const measured = [...inspections].flatMap(([path, inspection]) => {
        const tokensPerSecond = speeds.of(path);
        return 'facts' in inspection && tokensPerSecond !== undefined
          ? [{ ...inspection.facts, tokensPerSecond }]
          : [];
      });
      // The largest is most like those that are estimated from it.
      return measured.sort((one, other) => other.bytesPerToken - one.bytesPerToken)[0];
    };
    const estimated = (cost: Cost): Speed | undefined => {
      const measured = reference();
      return measured && { value: estimateSpeed(cost, measured), isMeasured: false };
    };
    const speedOf = (path: string, inspection: Inspection | undefined): Speed | undefined => {
      const value = speeds.of(path);
      if (value !== undefined) return { value, isMeasured: true };
      return inspection && 'facts' in inspection ? estimated(inspection.facts) : undefined;
    };

    const boxItems = () => box.map(({ value, path }) => modelItem(boxModel(path), value));
    const downloadedItems = () => [
      ...downloadedModels(modelsFolder).map(model =>
        modelItem(model, model.path, { buttons: [trash], remove: () => removeDownloaded(model, current) }),
      ),
      ...unfinishedDownloads(modelsFolder).map(unfinished => unfinishedItem(unfinished)),
    ];
    const unfinishedItem = (unfinished: UnfinishedDownload): ShelfItem => {
      const { goal, bytes } = unfinished;
      const percent = Math.floor((bytes / Math.max(1, goal.bytes)) * 100);
      return {
        label: `$(debug-pause) ${goal.repository}/${goal.path}`,
        description: l10n.t('{0} % downloaded', percent),
        detail: l10n.t('{0} of {1}; choose it to resume', formatBytes(bytes), formatBytes(goal.bytes)),
        choose: () => resume(unfinished),
        buttons: [trash],
        remove: () => removePart(unfinished),
      };
    };
    const foundItems = () =>
      found.map(model => {
        const item = modelItem(model, model.path);
        const description = [model.program, item.description].filter(text => text !== '').join(' · ');
        return { ...item, description };
      });
    const catalogueItems = (): readonly ShelfItem[] =>
      catalogue.map(model => {
        const { name, repository, file, bytes, licence } = model;
        return {
          label: `$(cloud-download) ${name}`,
          description: repository,
          detail: describeCatalogueModel(model, estimated({ bytesPerToken: bytes, layers: 0 })),
          choose: () => startDownload({ repository, prefers: file, licence }),
          buttons: [link],
          page: repository,
        };
      });
    const otherItems = (): readonly ShelfItem[] => [
      { label: `$(folder-opened) ${l10n.t('Choose a file…')}`, choose: chooseFile },
      { label: `$(repo) ${l10n.t('Name a repository…')}`, choose: nameRepository },
      ...(hasToken
        ? [
            {
              label: `$(key) ${l10n.t('Forget the token of {0}', hostOfHub())}`,
              choose: downloads.forgetToken,
            },
          ]
        : []),
    ];

    const render = () => {
      const active = pick.activeItems[0]?.label;
      const sections: readonly (readonly [string, readonly ShelfItem[]])[] = [
        [l10n.t('In the box'), boxItems()],
        [l10n.t('Downloaded'), downloadedItems()],
        [l10n.t('On this machine'), foundItems()],
        [l10n.t('To download from {0}', hostOfHub()), catalogueItems()],
        [l10n.t('Others'), otherItems()],
      ];
      pick.keepScrollPosition = true;
      pick.items = sections.flatMap(([label, items]) =>
        items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items],
      );
      const same = pick.items.find(item => item.label.replace(/^\S+ /, '') === active?.replace(/^\S+ /, ''));
      if (same !== undefined) pick.activeItems = [same];
    };
    const renderSoon = throttle(render);

    const inspect = async () => {
      const known = [...box.map(({ path }) => boxModel(path)), ...downloadedModels(modelsFolder)];
      const listener = {
        onFound: (models: readonly FoundModel[]) => {
          found = models;
          renderSoon.run();
        },
        onInspected: (path: string, inspection: Inspection) => {
          inspections.set(path, inspection);
          renderSoon.run();
        },
      };
      const machine = {
        platform: process.platform,
        environment: process.env,
        home: homedir(),
        readText: readSmallText,
      };
      const request = {
        stores: modelStores(machine),
        known,
        cacheFile: join(storage, 'inspected-models.json'),
      };
      try {
        await inspectModels(inspectionEntry, request, listener, controller.signal);
      } catch (error) {
        log(`models not inspected: ${(error as Error).message}`);
      } finally {
        pick.busy = false;
      }
    };

    pick.title = l10n.t('Sotto: Choose a Model');
    pick.placeholder = l10n.t('Nothing is downloaded before you choose it');
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.busy = true;
    pick.buttons = [info];
    pick.onDidTriggerButton(async () => {
      await window.showInformationMessage(l10n.t('The numbers of the list'), {
        modal: true,
        detail: explainNumbers(),
      });
      show();
    });
    render();
    listen(pick, {
      accept: item => {
        pick.hide();
        void item.choose?.();
      },
      button: async (item, button) => {
        if (button === link) await env.openExternal(Uri.parse(`${currentHub()}/${item.page}`));
        else await item.remove?.();
        // A question hides the list, so it is opened again.
        if (button === trash) show();
      },
      hide: () => {
        controller.abort();
        renderSoon.dispose();
        pick.dispose();
      },
    });
    pick.show();
    void inspect();
  };

  const show = () => void downloads.hasToken().then(open);

  const removeDownloaded = async (model: FoundModel, current: string) => {
    const question = l10n.t('Remove {0}?', model.name);
    const detail = l10n.t('{0} become free.', formatBytes(model.bytes));
    if (!(await confirm(question, detail, l10n.t('Remove')))) return;
    // The bundled model takes its place, before the file goes.
    if (current === model.path) await chooseModel('');
    removeModel(modelsFolder, model.path);
  };

  const removePart = async (unfinished: UnfinishedDownload) => {
    const question = l10n.t('Remove what has come of {0}?', unfinished.goal.path);
    const detail = l10n.t('{0} become free.', formatBytes(unfinished.bytes));
    if (await confirm(question, detail, l10n.t('Remove'))) removeUnfinished(modelsFolder, unfinished);
  };

  return {
    show,
    async askAboutInterrupted() {
      for (const unfinished of unfinishedDownloads(modelsFolder).filter(({ wasKilled }) => wasKilled)) {
        const { goal, bytes, part } = unfinished;
        const percent = Math.floor((bytes / Math.max(1, goal.bytes)) * 100);
        const [again, remove] = [l10n.t('Resume'), l10n.t('Remove')];
        const message = l10n.t('Sotto: the download of {0} was interrupted at {1} %.', goal.path, percent);
        const chosen = await window.showInformationMessage(message, again, remove);
        // Now it is stopped by the user, who is not asked again.
        rmSync(`${part}.lock`, { force: true });
        if (chosen === again) await resume(unfinished);
        else if (chosen === remove) removeUnfinished(modelsFolder, unfinished);
      }
    },
  };
}

function boxModel(path: string): FoundModel {
  const { size } = statSync(join(path, 'model.safetensors'));
  return { program: 'Sotto', name: basename(path), path, bytes: size };
}

async function chooseFile(): Promise<void> {
  const path = await askForFile();
  if (path !== undefined) await chooseModel(path);
}

async function sayWhyNot(model: FoundModel, inspection: Inspection | undefined): Promise<void> {
  const why = inspection !== undefined && 'cannotRun' in inspection ? inspection.cannotRun : '';
  await window.showWarningMessage(l10n.t('Sotto cannot run {0}: {1}', model.name, why));
}

async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

function hostOfHub(): string {
  try {
    return new URL(currentHub()).host;
  } catch {
    // The status bar says what is wrong with the setting.
    return 'sotto.hub';
  }
}

interface PickListeners {
  readonly accept: (item: ShelfItem) => void;
  readonly button: (item: ShelfItem, button: unknown) => Promise<void>;
  readonly hide: () => void;
}

function listen(pick: QuickPick<ShelfItem>, { accept, button, hide }: PickListeners): void {
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (item !== undefined) accept(item);
  });
  pick.onDidTriggerItemButton(event => button(event.item, event.button));
  pick.onDidHide(hide);
}

/** A list that is drawn at each of a hundred messages would flicker. */
const renderEveryMs = 100;

function throttle(work: () => void): Disposable & { run(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    run() {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, renderEveryMs);
    },
    dispose: () => clearTimeout(timer),
  };
}
