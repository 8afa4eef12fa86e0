import { expect, it } from 'vitest';
import { html, trusted } from '../../src/common/html';

it('escapes what is put into it, in text and in attributes', () =>
  expect(html`<a title="${'"\'<&>'}">${'<script>'}</a>`.markup).toBe(
    '<a title="&quot;&#39;&lt;&amp;&gt;">&lt;script&gt;</a>',
  ));
it('takes numbers, lists and other templates', () =>
  expect(html`<p>${[1, html`<b>${'&'}</b>`, ['x', []]]}</p>`.markup).toBe('<p>1<b>&amp;</b>x</p>'));
it('leaves trusted markup as it is', () =>
  expect(html`<style>${trusted('a > b {}')}</style>`.markup).toBe('<style>a > b {}</style>'));
