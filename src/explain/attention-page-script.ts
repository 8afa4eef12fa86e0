/**
 * The script of the page. It draws one step, with the layer and the head that the reader has chosen. It is a text,
 * because it runs in the reader's browser; `test/host/attention-page.test.ts` runs it there.
 */
export const attentionPageScript = `
'use strict';
const { tokens, steps } = JSON.parse(document.getElementById('data').textContent);
const bytesOf = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));
const attention = steps.map(step => step.attention.map(heads => heads.map(bytesOf)));
const text = document.getElementById('text');
const spans = [...text.querySelectorAll('span')];
const percent = share => (100 * share).toFixed(1) + ' %';
/** Few tokens take most of the weight, so the colour grows with its root. */
const strength = weight => 0.55 * Math.sqrt(Math.min(1, weight));

function element(name, content) {
  const made = document.createElement(name);
  made.textContent = content;
  return made;
}
function row(head, cells) {
  const made = document.createElement('tr');
  const first = element('th', '');
  first.scope = 'row';
  first.append(element('code', head));
  made.append(first, ...cells.map(cell => element('td', cell)));
  return made;
}
function fill(table, rows) {
  document.querySelector(table + ' tbody').replaceChildren(...rows);
}
/** The mean over the chosen layers and heads, a number for each token. */
function meanOf(layers, length) {
  const sums = new Array(length).fill(0);
  const rows = layers.flat();
  for (const weights of rows) for (let at = 0; at < length; at++) sums[at] += weights[at] / 255 / rows.length;
  return sums;
}
const chosen = (list, value) => (value === 'all' ? list : [list[Number(value)]]);
const order = weights => [...weights.keys()].sort((a, b) => weights[b] - weights[a]);

function draw() {
  const index = Number(document.querySelector('[name=step]:checked').value);
  const [layer, head] = ['layer', 'head'].map(id => document.getElementById(id).value);
  const { place, candidates } = steps[index];
  const weights = meanOf(chosen(attention[index], layer).map(heads => chosen(heads, head)), place);
  const most = order(weights).slice(0, 8);
  spans.forEach((span, at) => {
    span.classList.toggle('chosen', at === place);
    span.classList.toggle('after', at > place);
    span.style.backgroundColor = at < place ? 'rgb(var(--looked) / ' + strength(weights[at]).toFixed(3) + ')' : '';
    span.title = at < place ? percent(weights[at]) : '';
  });
  fill('#candidates', candidates.map(({ text, probability, isChosen }) => {
    const made = row(text, [percent(probability)]);
    made.classList.toggle('chosen', isChosen);
    return made;
  }));
  fill('#looked', most.map(at => row(tokens[at], [String(place - at), percent(weights[at])])));
  document.querySelectorAll('#heads tbody tr').forEach((line, layer) => {
    line.replaceChildren(line.firstElementChild, ...attention[index][layer].map(weights => {
      const [at] = order(weights.subarray(0, place));
      const cell = element('td', ' ' + percent(weights[at] / 255));
      cell.prepend(element('code', tokens[at]));
      return cell;
    }));
  });
  document.getElementById('summary').textContent =
    'To write “' + tokens[place] + '”, the model looked most at ' +
    most.slice(0, 3).map(at => '“' + tokens[at] + '” (' + percent(weights[at]) + ')').join(', ') + '.';
  // scrollIntoView would move the place from which Tab goes on.
  text.scrollTop = spans[place].offsetTop - text.clientHeight / 2;
}
document.querySelector('form').addEventListener('change', draw);
draw();
`;
