// the table of a portfolio: one page of rows, each cell a field; what is done here is told in one list
const sign = (path) => `<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="${path}"/></svg>`;
const SIGNS = {
  open: sign('M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5'),
  copy: sign('M6 6h7v7H6zM10 6V3H3v7h3'),
  drop: sign('M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5'),
};
// a Chinese letter is as wide as two digits
const wide = (text) => [...text].reduce((sum, one) => sum + (one.codePointAt(0) >= 0x2e80 ? 2 : 1), 0);
export default function({data, parentElement, setTriggerValue}) {
  // what was done here and is not answered yet goes along with the next message, so that nothing typed fast is lost
  const kept = parentElement.__fsItems ??= {waiting: [], last: 0};
  kept.waiting = kept.waiting.filter(one => one.n > data.seen);
  const tell = (act) => {
    kept.last = Math.max(Date.now(), kept.last + 1, data.seen + 1);
    kept.waiting.push({...act, n: kept.last});
    setTriggerValue('acted', JSON.stringify(kept.waiting) + '|' + kept.last);
  };
  let box = parentElement.querySelector('.box');
  if (!box) { box = document.createElement('div'); parentElement.appendChild(box); }
  const active = box.querySelector('input:focus, select:focus, button:focus');
  const was = active && {at: active.dataset.at, value: active.value, dirty: active.tagName === 'INPUT' && active.value !== active.defaultValue, left: box.querySelector('.wrap')?.scrollLeft};
  const scrolled = box.querySelector('.wrap')?.scrollLeft || 0;
  box.className = 'box ' + data.theme;
  const wrap = document.createElement('div');
  wrap.className = 'wrap'; wrap.tabIndex = 0; wrap.setAttribute('role', 'region'); wrap.setAttribute('aria-label', data.label);
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  data.heads.forEach(h => {
    const c = document.createElement('th'); c.scope = 'col'; c.className = h.kind;
    const b = document.createElement('button'); b.type = 'button'; b.className = 'head'; b.dataset.at = 'head|' + h.key;
    b.textContent = h.label + (h.sorted === 'up' ? ' ↑' : h.sorted === 'down' ? ' ↓' : '');
    b.title = [h.title, data.words.sort].filter(Boolean).join('\n');
    c.setAttribute('aria-sort', h.sorted === 'up' ? 'ascending' : h.sorted === 'down' ? 'descending' : 'none');
    b.onclick = () => tell({sort: h.key});
    c.appendChild(b); head.appendChild(c);
  });
  const last = document.createElement('th'); last.scope = 'col'; last.className = 'acts'; last.textContent = data.words.acts; head.appendChild(last);
  const body = table.createTBody();
  data.rows.forEach(r => {
    const row = body.insertRow(); if (r.tone) row.className = r.tone;
    r.cells.forEach((cell, i) => {
      const h = data.heads[i], c = row.insertCell(), at = r.name + '|' + h.key; c.className = h.kind;
      if (cell.wrong) c.classList.add('wrong');
      if (h.kind === 'result' || cell.lock) {
        c.textContent = cell.t; if (cell.t.startsWith('−')) c.classList.add('minus');
        if (cell.says) c.title = cell.says;
        return;
      }
      const sent = kept.waiting.findLast?.(one => one.row === r.name && one.col === h.key);
      let field;
      if (h.choices) {
        field = document.createElement('select');
        h.choices.forEach(([code, words]) => { const o = document.createElement('option'); o.value = code; o.textContent = words; field.appendChild(o); });
        if (!h.choices.some(([code]) => code === cell.t)) { const o = document.createElement('option'); o.value = cell.t; o.textContent = cell.t; field.appendChild(o); }
        field.value = sent ? sent.text : cell.t;
      } else {
        field = document.createElement('input'); field.type = 'text'; field.autocomplete = 'off'; field.spellcheck = false;
        if (h.kind === 'num') field.inputMode = 'decimal';
        if (h.list) field.setAttribute('list', 'items-bases');
        field.value = sent ? sent.text : cell.t; field.defaultValue = cell.t;
        field.style.width = Math.max(h.kind === 'num' ? 7 : h.kind === 'name' ? 15 : 9, Math.min(30, wide(field.value) + 1)) + 'ch';
        if (cell.grey) field.placeholder = cell.grey;
      }
      field.dataset.at = at; field.setAttribute('aria-label', r.name + ' · ' + h.label + (cell.unit ? ' (' + cell.unit + ')' : ''));
      if (cell.wrong) { field.setAttribute('aria-invalid', 'true'); }
      field.title = cell.says || (h.kind === 'name' ? cell.t : '');
      if (!cell.own) field.classList.add('base');
      const asked = () => { if (field.value !== cell.t || sent) tell({row: r.name, col: h.key, text: field.value}); };
      field.onchange = asked;
      field.onkeydown = (e) => {
        if (field.tagName !== 'INPUT' || e.isComposing) return;
        if (e.key === 'Escape') { field.value = cell.t; }
        if (e.key === 'Enter' || e.key === 'ArrowDown' || e.key === 'ArrowUp') {
          const rows = [...body.rows], next = rows[rows.indexOf(row) + (e.key === 'ArrowUp' ? -1 : 1)]?.cells[i]?.querySelector('input, select');
          e.preventDefault();
          if (next) { next.focus(); next.select?.(); } else if (e.key === 'Enter') field.blur();
        }
      };
      c.appendChild(field);
      if (cell.unit) { const u = document.createElement('span'); u.className = 'unit'; u.textContent = cell.unit; c.appendChild(u); }
    });
    const acts = row.insertCell(); acts.className = 'acts';
    Object.entries(SIGNS).forEach(([act, sign]) => {
      const b = document.createElement('button'); b.type = 'button'; b.className = 'act'; b.dataset.at = act + '|' + r.name;
      b.innerHTML = sign; b.title = data.words[act]; b.setAttribute('aria-label', data.words[act] + ': ' + r.name);
      b.onclick = () => tell({row: r.name, act});
      acts.appendChild(b);
    });
  });
  wrap.appendChild(table);
  const list = document.createElement('datalist'); list.id = 'items-bases';
  data.bases.forEach(([code, words]) => { const o = document.createElement('option'); o.value = code; o.label = words; o.textContent = words; list.appendChild(o); });
  // which columns lie beyond the right edge: said above the table, a press goes there
  const more = document.createElement('button'); more.type = 'button'; more.className = 'more'; more.dataset.at = 'more';
  more.onclick = () => wrap.scrollBy({left: wrap.clientWidth * .6, behavior: 'smooth'});
  const edge = document.createElement('div'); edge.className = 'edge'; edge.setAttribute('aria-hidden', 'true');
  const holder = document.createElement('div'); holder.className = 'holder'; holder.append(wrap, edge);
  const look = () => {
    const right = wrap.getBoundingClientRect().right, pinned = getComputedStyle(last).right === '0px' ? last.offsetWidth : 0;
    const hidden = [...head.cells].slice(0, -1).map((c, i) => [c.getBoundingClientRect().right, data.heads[i].label]).filter(([end]) => end > right - pinned + 8).map(([, label]) => label);
    const shown = hidden.slice(0, 3).join(' · ') + (hidden.length > 3 ? ' … (' + hidden.length + ')' : '');
    more.textContent = hidden.length ? data.words.more + shown + ' →' : '';
    more.style.visibility = hidden.length ? 'visible' : 'hidden';
    edge.hidden = !hidden.length || pinned > 0;
  };
  wrap.onscroll = look;
  box.replaceChildren(more, holder, list);
  wrap.scrollLeft = scrolled;
  look();
  kept.size?.disconnect(); kept.size = new ResizeObserver(look); kept.size.observe(wrap);
  if (was?.at) {
    const again = [...box.querySelectorAll('[data-at]')].find(one => one.dataset.at === was.at);
    if (again) { if (was.dirty) again.value = was.value; again.focus({preventScroll: true}); }
  }
}
