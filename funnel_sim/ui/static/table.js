export default function({data, parentElement, setTriggerValue}) {
  let box = parentElement.querySelector('.box');
  if (!box) { box = document.createElement('div'); parentElement.appendChild(box); }
  box.className = 'box ' + data.theme;
  const root = document.createElement('div');
  root.className = data.sums ? 'wrap flows' : 'wrap';
  root.tabIndex = 0; root.setAttribute('role', 'region'); root.setAttribute('aria-label', data.label);
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  data.heads.forEach((h, i) => { const c = document.createElement('th'); c.scope = 'col'; c.textContent = h; if (data.defined?.[h]) { c.title = data.defined[h]; c.classList.add('defined'); }
    if (data.words.includes(i)) c.classList.add('words'); head.appendChild(c); });
  const body = table.createTBody();
  data.rows.forEach(r => {
    const row = body.insertRow(); row.className = r.kind + ' ' + r.tone;
    const first = row.insertCell();
    if (r.key) { const b = document.createElement('button'); b.textContent = r.name; b.title = [data.says?.[r.key] || data.defined?.[r.name], data.hint].filter(Boolean).join('\n'); b.dataset.figure = r.key;
      b.onclick = () => setTriggerValue('opened', r.key + '|' + Date.now()); first.appendChild(b); }
    else { first.textContent = r.name; if (data.defined?.[r.name]) { first.title = data.defined[r.name]; first.classList.add('defined'); } }
    r.cells.forEach((t, i) => { const c = row.insertCell(); c.textContent = t; c.dataset.head = data.heads[i + 1] ?? ''; if (data.words.includes(i + 1)) c.className = t.length > 40 ? 'words long' : 'words'; else { if (t.startsWith('\u2212') && (data.sums?.includes(i + 1) ?? true)) c.classList.add('minus'); if (data.sums?.includes(i + 1)) c.classList.add('sum'); if (t === '\u2013') c.classList.add('none'); } });
  });
  root.appendChild(table);
  const asCsv = () => {
    // a hyphen for a minus, and nothing that a spreadsheet takes for a formula
    const safe = t => { const s = String(t).replace(/\u2212\u2060/g, '-'); const risky = /^[=+@\t\r]/.test(s) || (/^-/.test(s) && !/^-[\d.,%\s\u2013-]*[^a-zA-Z(]*$/.test(s)); return '"' + (risky ? "'" : '') + s.replace(/"/g, '""') + '"'; };
    const lines = [data.heads, ...data.rows.map(r => [r.name, ...r.cells])].map(l => l.map(safe).join(','));
    save(new Blob(['\ufeff' + lines.join('\r\n') + '\r\n'], {type: 'text/csv;charset=utf-8'}), fileName(data.title || data.label, '.csv'));
  };
  const swipe = document.createElement('div'); // a table too wide for the screen says so
  swipe.className = 'swipe'; swipe.textContent = data.swipe; swipe.hidden = true;
  const measure = () => {
    root.classList.remove('stacked');
    if (data.stacked && root.clientWidth && root.scrollWidth - root.clientWidth > 7) root.classList.add('stacked');
    const left = root.scrollWidth - root.clientWidth;
    swipe.hidden = left < 8; root.classList.toggle('more', left - root.scrollLeft > 8);
  };
  root.addEventListener('scroll', measure, {passive: true});
  box.watch?.disconnect(); box.watch = new ResizeObserver(() => requestAnimationFrame(measure)); box.watch.observe(box);
  const parts = [titleRow(data.title, data.menu, [[data.csv, asCsv]]), swipe, root];
  if (data.note) { const n = document.createElement('p'); n.textContent = data.note; parts.push(n); }
  box.replaceChildren(...parts);
  measure();
}
