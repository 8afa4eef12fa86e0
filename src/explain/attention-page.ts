/**
 * A completion as one page for the browser: its tokens, their probabilities, and what each head looked at. The page loads
 * nothing, so it can be kept and sent as it is. Its words are an argument.
 */
import { randomBytes } from 'node:crypto';
import { type Html, html, trusted } from '../common/html';
import { attentionPageScript } from './attention-page-script';
import { attentionPageStyle } from './attention-page-style';
import type { ExplainedCompletion, ExplainedToken } from './explain-completion';

export interface AttentionPageOptions {
  /** The model's name. */
  readonly model: string;
  /** `FILE:LINE:COLUMN` */
  readonly place: string;
  /** What the editor would show; undefined for nothing. */
  readonly shown: string | undefined;
  /** The text before the cursor that the model had to write again (`prompt/token-healing.ts`); empty for none. */
  readonly typed: string;
}

export function attentionPage(explained: ExplainedCompletion, options: AttentionPageOptions): string {
  const { model, place, shown, typed } = options;
  const { tokens, promptLength, steps } = explained;
  const [{ attention }] = steps as [(typeof steps)[number]];
  const nonce = randomBytes(16).toString('hex');
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>What ${model} looked at</title>
<style nonce="${nonce}">${trusted(attentionPageStyle)}</style>
</head>
<body>
<main>
<h1>What the model looked at</h1>
<p>The model <b>${model}</b> completes <code>${place}</code>. It read ${promptLength} tokens and wrote ${steps.length}.
${shown === undefined ? 'The editor would show nothing of it.' : html`The editor would show <code>${visible(shown)}</code>.`}
${typed === '' ? '' : html`Its first tokens had to spell <code>${visible(typed)}</code>, which stands before the cursor already.`}</p>
<form>
<fieldset>
<legend>Choose a token that the model wrote</legend>
<div class="steps">${steps.map((step, index) => stepChoice(tokens[step.place]!, index))}</div>
</fieldset>
<p class="choices">
${choice('layer', 'Layer', 'all layers', attention.length)}
${choice('head', 'Head', 'all heads', attention[0]!.length)}
</p>
</form>
<p id="summary" role="status"></p>
<div class="columns">
<section>
<h2>The text, as the model read it</h2>
<p>The darker a token, the more the model looked at it. The chosen token has a frame.</p>
<pre id="text" tabindex="0" role="region" aria-label="The text in tokens">${tokens.map(textToken)}</pre>
</section>
<div>
<section>
<h2>The likeliest next tokens</h2>
<table id="candidates"><thead><tr><th scope="col">Token</th><th scope="col">Probability</th></tr></thead><tbody></tbody></table>
</section>
<section>
<h2>The tokens that it looked at most</h2>
<table id="looked"><thead><tr><th scope="col">Token</th><th scope="col">Tokens back</th><th scope="col">Weight</th></tr></thead><tbody></tbody></table>
</section>
</div>
</div>
<section>
<h2>Each head, and the token that it looked at most</h2>
<p>The first token of a text often gets weight that a head has no other use for (an attention sink, arXiv 2309.17453).</p>
<div class="scroll" tabindex="0" role="region" aria-label="Each head"><table id="heads"><thead><tr><td></td>${attention[0]!.map(
    (_, head) => html`<th scope="col">Head ${head + 1}</th>`,
  )}</tr></thead><tbody>${attention.map(
    (_, layer) => html`<tr><th scope="row">Layer ${layer + 1}</th></tr>`,
  )}</tbody></table></div>
</section>
</main>
<script type="application/json" id="data" nonce="${nonce}">${trusted(dataOf(explained))}</script>
<script nonce="${nonce}">${trusted(attentionPageScript)}</script>
</body>
</html>
`.markup;
}

function stepChoice(token: ExplainedToken, index: number): Html {
  return html`<label><input type="radio" name="step" value="${index}"${index === 0 ? trusted(' checked') : ''}><code>${visible(token.text)}</code></label>`;
}

function choice(id: string, label: string, all: string, count: number): Html {
  const options = Array.from(
    { length: count },
    (_, index) => html`<option value="${index}">${index + 1}</option>`,
  );
  return html`<label>${label} <select id="${id}"><option value="all">${all}</option>${options}</select></label>`;
}

function textToken({ text, isMark }: ExplainedToken): Html {
  // A line break stands in the text, too, so that the lines stay lines.
  const breaks = isMark ? '' : '\n'.repeat(text.split('\n').length - 1);
  return html`<span${isMark ? trusted(' class="mark"') : ''}>${visible(text)}</span>${breaks}`;
}

/** Blanks and line breaks as signs. */
export function visible(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\n', '⏎').replaceAll('\r', '␍');
}

/** Weights are written as bytes: 255 is 1. */
function dataOf({ tokens, steps }: ExplainedCompletion): string {
  const data = {
    tokens: tokens.map(({ text }) => visible(text)),
    steps: steps.map(({ place, candidates, attention }) => ({
      place,
      candidates: candidates.map(({ text, probability, isChosen }) => ({
        text: visible(text),
        probability,
        isChosen,
      })),
      attention: attention.map(heads =>
        heads.map(row => Buffer.from(row.map(weight => Math.round(weight * 255))).toString('base64')),
      ),
    })),
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
