import { greedy } from '../../src/generation/engine';
import type { CompletionSettings } from '../../src/settings/settings';

export const testSettings: CompletionSettings = {
  enable: true,
  languages: { '*': true, markdown: false },
  debounce: 75,
  maxTokens: 64,
  maxTime: 3000,
  minConfidence: 0.3,
  copies: true,
  contextTokens: 512,
  otherFiles: 'auto',
  sampling: greedy,
};
