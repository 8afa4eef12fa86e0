/** One opening of the shelf's list: it is drawn at once, and again as models are found and inspected. */
import { homedir } from 'node:os';
import { type Disposable, l10n, type QuickPickItemButtonEvent, ThemeIcon, window } from 'vscode';
import { inspectModels } from '../shelf/inspect-models';
import type { InspectionRequest } from '../shelf/inspection-protocol';
import type { FoundModel, Inspection } from '../shelf/model-facts';
import { modelStores, readSmallText } from '../shelf/model-stores';
import { nameOf, type ShelfItem, type ShelfState, shelfItems } from './shelf-items';

export interface ShelfListOptions {
  /** All but what the inspection adds. */
  readonly state: Omit<ShelfState, 'found' | 'inspections'>;
  /** The bundled `inspection.js`. */
  readonly inspectionEntry: string;
  readonly cacheFile: string;
  readonly log: (line: string) => void;
  /** The list is closed then. */
  readonly onAccept: (item: ShelfItem) => void;
  readonly onButton: (event: QuickPickItemButtonEvent<ShelfItem>) => void;
  /** The button that explains the numbers. */
  readonly onInfo: () => void;
}

/** Shows the list. The inspection ends with it. */
export function openShelfList({ state, onAccept, onButton, onInfo, ...options }: ShelfListOptions): void {
  const pick = window.createQuickPick<ShelfItem>();
  const controller = new AbortController();
  const inspections = new Map<string, Inspection>();
  let found: readonly FoundModel[] = [];

  const render = () => {
    const [active] = pick.activeItems;
    pick.keepScrollPosition = true;
    pick.items = shelfItems({ ...state, found, inspections });
    const same = active && pick.items.find(item => nameOf(item) === nameOf(active));
    if (same !== undefined) pick.activeItems = [same];
  };
  const renderSoon = throttle(render);

  pick.title = l10n.t('Sotto: Choose a Model');
  pick.placeholder = l10n.t('Nothing is downloaded before you choose it');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  pick.buttons = [{ iconPath: new ThemeIcon('info'), tooltip: l10n.t('What the Numbers Mean') }];
  pick.onDidTriggerButton(onInfo);
  pick.onDidTriggerItemButton(onButton);
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (item === undefined) return;
    pick.hide();
    onAccept(item);
  });
  pick.onDidHide(() => {
    controller.abort();
    renderSoon.dispose();
    pick.dispose();
  });
  render();
  pick.show();

  const listener = {
    onFound(models: readonly FoundModel[]) {
      found = models;
      renderSoon.run();
    },
    onInspected(path: string, inspection: Inspection) {
      inspections.set(path, inspection);
      renderSoon.run();
    },
  };
  const request: InspectionRequest = {
    stores: modelStores({
      platform: process.platform,
      environment: process.env,
      home: homedir(),
      readText: readSmallText,
    }),
    known: [...state.box.map(([, model]) => model), ...state.downloaded],
    cacheFile: options.cacheFile,
  };
  void inspectModels(options.inspectionEntry, request, listener, controller.signal)
    .catch((error: Error) => options.log(`models not inspected: ${error.message}`))
    .finally(() => {
      if (!controller.signal.aborted) pick.busy = false;
    });
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
