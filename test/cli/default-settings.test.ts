import { expect, it } from 'vitest';
import manifest from '../../package.json';
import { defaultSettings } from '../../src/cli/default-settings';

it('the defaults are those of package.json, from every section', () => {
  const [basic, sampling] = manifest.contributes.configuration;
  const settings = defaultSettings('.');
  expect(settings.maxTokens).toBe(basic!.properties['sotto.maxTokens']!.default);
  expect(settings.languages).toEqual(basic!.properties['sotto.languages']!.default);
  expect(settings.sampling.topK).toBe(sampling!.properties['sotto.sampling.topK']!.default);
});
