'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const number = (value) => value.toLocaleString('en-US');

  // Theme: what the system says, until somebody chooses.
  const theme = document.getElementById('theme');
  const themes = ['system', 'light', 'dark'];
  let chosen = 0;
  theme.hidden = false;
  theme.addEventListener('click', () => {
    chosen = (chosen + 1) % themes.length;
    if (chosen) document.documentElement.dataset.theme = themes[chosen];
    else delete document.documentElement.dataset.theme;
    theme.textContent = `Theme: ${themes[chosen]}`;
  });

  const list = document.getElementById('list');
  if (!list) return;
  const body = list.tBodies[0];
  const rows = [...body.rows].map((row, index) => {
    const object = data.objects[index];
    const columns = object.detections.flatMap((detection) => detection.columns.map((column) => column[1]));
    const names = object.detections.map((detection) => data.identifiers[detection.identifier].name);
    const key = object.key;
    const text = [key, ...columns, ...names].join('\n').toLowerCase();
    return { row, object, key, names, text, severity: Number(object.severity), count: Number(row.dataset.count), detail: null };
  });

  // Details are made when somebody wants to see them: a page of thousands of findings opens at once.
  const copyButton = (text) => {
    const button = make('button', { type: 'button' }, 'Copy');
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const area = make('textarea');
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
      }
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
    return button;
  };
  const share = (columns) => {
    const grid = make('div', { class: 'share' });
    for (const [position, name, count, values] of columns) {
      const part = values ? Math.min(100, (100 * count) / values) : 100;
      const fill = make('b');
      fill.style.width = `${part}%`;
      const of = values ? `${number(count)} of ${number(values)} values` : number(count);
      grid.append(make('span', {}, name || `column ${position}`), make('i', { 'aria-hidden': 'true' }, fill), make('span', { class: 'number' }, of));
    }
    return grid;
  };
  const card = (object, detection) => {
    const identifier = data.identifiers[detection.identifier];
    const severity = data.severities[detection.severity];
    const card = make('article', { class: `card ${severity.toLowerCase()}` });
    card.append(make('header', {},
      make('span', { class: `badge ${severity.toLowerCase()}` }, severity),
      make('h3', {}, identifier.name),
      make('span', { class: 'number' }, `${number(detection.count)} ${detection.count === 1 ? 'occurrence' : 'occurrences'}`)));
    card.append(make('p', {}, identifier.about));
    if (detection.columns.length) card.append(share(detection.columns));
    const facts = make('dl');
    const fact = (term, text) => { if (text) facts.append(make('dt', {}, term), make('dd', {}, text)); };
    fact('Where', detection.places.join(', ') + (detection.more ? `, and ${number(detection.more)} more` : ''));
    fact('Triggered by', identifier.trigger);
    fact('Verified', identifier.verified);
    fact('How sure', identifier.certainty);
    fact('What to do', detection.todo);
    card.append(facts);
    for (const [label, way] of data.ways) {
      if (way.includes('IDENTIFIER') && !identifier.argument) continue;
      const words = { FILE: object.file, SEVERITY: severity.toLowerCase(), IDENTIFIER: identifier.argument };
      const command = way.replace(/FILE|SEVERITY|IDENTIFIER/g, (word) => words[word]);
      card.append(make('p', { class: 'note' }, label), make('div', { class: 'command' }, make('code', {}, command), copyButton(command)));
    }
    return card;
  };
  const open = (entry, wanted) => {
    if (wanted && !entry.detail) {
      const cell = make('td', { colspan: '4' });
      entry.detail = make('tr', { class: 'detail' }, cell);
      entry.object.detections.forEach((detection) => cell.append(card(entry.object, detection)));
      entry.row.after(entry.detail);
    }
    if (entry.detail) entry.detail.hidden = !wanted || entry.row.hidden;
    entry.button.setAttribute('aria-expanded', String(wanted));
  };
  for (const entry of rows) {
    const cell = entry.row.cells[1];
    const gap = cell.querySelector('.gap');
    entry.button = make('button', { type: 'button', 'aria-expanded': 'false' }, entry.key);
    cell.replaceChildren(entry.button, ...(gap ? [' ', gap] : []));
    entry.button.addEventListener('click', () => open(entry, entry.button.getAttribute('aria-expanded') === 'false'));
  }

  const filters = document.getElementById('filters');
  const search = document.getElementById('search');
  const identifier = document.getElementById('identifier');
  const shown = document.getElementById('shown');
  filters.hidden = false;
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set([...filters.querySelectorAll('[name=severity]:checked')].map((box) => box.value));
    let count = 0;
    for (const entry of rows) {
      const fits = severities.has(entry.row.dataset.severity)
        && (!identifier.value || entry.names.includes(identifier.value))
        && words.every((word) => entry.text.includes(word));
      entry.row.hidden = !fits;
      if (entry.detail) entry.detail.hidden = !fits || entry.button.getAttribute('aria-expanded') === 'false';
      count += fits;
    }
    shown.textContent = `${number(count)} of ${number(rows.length)} ${rows.length === 1 ? 'finding' : 'findings'} shown. `
      + 'Keys: / search, j and k next and previous, Enter opens.';
  };
  filters.addEventListener('input', filter);
  filters.addEventListener('submit', (event) => event.preventDefault());
  filters.addEventListener('reset', () => setTimeout(filter));

  const orders = {
    severity: (a, b) => a.severity - b.severity || -a.key.localeCompare(b.key, 'en'),
    key: (a, b) => a.key.localeCompare(b.key, 'en'),
    count: (a, b) => a.count - b.count || -a.key.localeCompare(b.key, 'en'),
  };
  for (const header of list.querySelectorAll('[data-sort]')) {
    const button = make('button', { type: 'button' }, header.textContent);
    header.replaceChildren(button);
    button.addEventListener('click', () => {
      const first = header.dataset.sort === 'key' ? 'ascending' : 'descending';
      const now = header.getAttribute('aria-sort');
      const next = now ? (now === 'ascending' ? 'descending' : 'ascending') : first;
      list.querySelectorAll('[aria-sort]').forEach((other) => other.removeAttribute('aria-sort'));
      header.setAttribute('aria-sort', next);
      rows.sort(orders[header.dataset.sort]);
      if (next === 'descending') rows.reverse();
      body.append(...rows.flatMap((entry) => (entry.detail ? [entry.row, entry.detail] : [entry.row])));
    });
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea')) return;
    if (event.key === '/') {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      const visible = rows.filter((entry) => !entry.row.hidden);
      const at = visible.findIndex((entry) => entry.button === document.activeElement);
      const next = event.key === 'j' ? at + 1 : at - 1;
      visible[Math.max(0, Math.min(visible.length - 1, next))]?.button.focus();
    }
  });
  const follow = () => {
    const entry = rows.find((known) => `#${known.row.id}` === location.hash);
    if (!entry) return;
    if (entry.row.hidden) filters.reset();
    open(entry, true);
    entry.row.scrollIntoView({ block: 'start' });
    entry.button.focus({ preventScroll: true });
  };
  addEventListener('hashchange', follow);
  addEventListener('beforeprint', () => { if (rows.length <= 200) rows.forEach((entry) => open(entry, true)); });
  filter();
  follow();
})();
