// one menu in the row of a title: a button that opens a list of what can be taken along
const titleRow = (title, label, entries) => {
  const head = document.createElement('div'); head.className = 'head';
  const h = document.createElement('h4'); h.textContent = title;
  const more = document.createElement('div'); more.className = 'more';
  const open = document.createElement('button'); open.type = 'button'; open.textContent = '\u22ef'; open.title = label;
  open.setAttribute('aria-label', label); open.setAttribute('aria-haspopup', 'menu'); open.setAttribute('aria-expanded', 'false');
  const list = document.createElement('div'); list.setAttribute('role', 'menu'); list.hidden = true;
  const shut = (back) => { list.hidden = true; open.setAttribute('aria-expanded', 'false'); document.removeEventListener('pointerdown', away, true); if (back) open.focus(); };
  const away = (e) => { if (!e.composedPath().includes(more)) shut(false); };
  const items = entries.map(([text, act]) => {
    const b = document.createElement('button'); b.type = 'button'; b.textContent = text; b.setAttribute('role', 'menuitem'); b.tabIndex = -1;
    b.onclick = () => { shut(true); act(); };
    list.appendChild(b); return b;
  });
  open.onclick = () => {
    if (!list.hidden) { shut(false); return; }
    list.hidden = false; open.setAttribute('aria-expanded', 'true'); items[0].focus();
    document.addEventListener('pointerdown', away, true);
  };
  more.onkeydown = (e) => {
    const at = items.indexOf(e.target);
    if (e.key === 'Escape' && !list.hidden) { e.stopPropagation(); shut(true); }
    else if (e.key === 'Tab' && !list.hidden) shut(false);
    else if (at >= 0 && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault(); items[(at + (e.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length].focus();
    }
  };
  more.append(open, list); head.append(h, more);
  return head;
};
const fileName = (title, ending) => title.replace(/[\\/:*?"<>|]+/g, ' ').trim().slice(0, 80) + ending;
const save = (blob, name) => {
  const a = document.createElement('a'); a.href = URL.createObjectURL(blob); a.download = name; a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 5000);
};
