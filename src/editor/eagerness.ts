/** The command 'Choose How Eager' sets `sotto.minConfidence` by a word. */
import { l10n, window } from 'vscode';
import { eagerness } from '../settings/settings';
import { changeSetting, currentSettings } from '../settings/settings.vscode';

type Eagerness = keyof typeof eagerness;

const levels = Object.keys(eagerness) as readonly Eagerness[];

export async function chooseEagerness(): Promise<void> {
  const document = window.activeTextEditor?.document;
  const now = levelOf(currentSettings(document).minConfidence);
  const entries = levels.map(level => ({
    label: level === now ? `$(check) ${nameOf(level)}` : nameOf(level),
    description: String(eagerness[level]),
    detail: meaningOf(level),
    value: eagerness[level],
  }));
  const chosen = await window.showQuickPick(entries, {
    title: l10n.t('How eager is Sotto?'),
    placeHolder: l10n.t('How likely a suggestion must be right to be shown while you type'),
  });
  if (chosen !== undefined) await changeSetting('minConfidence', chosen.value, document);
}

/** The eagerness in words, for the menu. */
export function spellEagerness(minConfidence: number): string {
  const level = levelOf(minConfidence);
  return level === undefined ? String(minConfidence) : nameOf(level);
}

/** Undefined if the user has set a value of their own. */
function levelOf(minConfidence: number): Eagerness | undefined {
  return levels.find(level => eagerness[level] === minConfidence);
}

function nameOf(level: Eagerness): string {
  return { few: l10n.t('few'), balanced: l10n.t('balanced'), many: l10n.t('many') }[level];
}

function meaningOf(level: Eagerness): string {
  switch (level) {
    case 'few':
      return l10n.t('Only what is right 7 times out of 10 or more. Suggestions are fewer and shorter.');
    case 'balanced':
      return l10n.t('What is right at least every second time.');
    case 'many':
      return l10n.t(
        'Also what is right only 3 times out of 10. Suggestions are longer, and more often wrong.',
      );
  }
}
