export default function({data}) {
  // ---- another page is read from its top ------------------------------------------------------
  if (window.__fsPage !== undefined && window.__fsPage !== data.page) document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0);
  window.__fsPage = data.page;

  // ---- the menu: Streamlit puts groups into a list of entries, which a screen reader cannot tell -----
  const groups = () => document.querySelectorAll('[data-testid=stSidebarNavItems]').forEach(list => {
    list.setAttribute('role', 'none');
    list.querySelectorAll('li').forEach(one => one.setAttribute('role', 'none'));
    [...list.children].forEach(group => {
      const head = group.querySelector('[data-testid=stNavSectionHeader] p');
      if (head) { group.setAttribute('role', 'group'); group.setAttribute('aria-label', head.textContent); }
    });
  });
  groups();
  window.__fsMenu?.disconnect();
  window.__fsMenu = new MutationObserver(() => {
    window.__fsMenuSoon ??= setTimeout(() => { window.__fsMenuSoon = null; groups(); }, 50);  // a busy page would put it off for ever
  });
  const app = document.querySelector('[data-testid=stApp]');
  if (app) window.__fsMenu.observe(app, {childList: true, subtree: true});

  // ---- the bar at the foot of a phone ---------------------------------------------------------
  const symbol = (name) => {
    const i = document.createElement('span');
    i.className = 'fs-symbol'; i.textContent = name; i.setAttribute('aria-hidden', 'true');
    return i;
  };
  let bar = document.querySelector('nav.fs-bottom');
  if (!bar) { bar = document.createElement('nav'); bar.className = 'fs-bottom'; document.body.appendChild(bar); }
  bar.setAttribute('aria-label', data.words.menu);
  const sheet = document.createElement('div');
  sheet.className = 'fs-sheet'; sheet.hidden = true;
  const open = (path) => {
    sheet.hidden = true;
    const link = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')].find(a => new URL(a.href).pathname.replace(/\/$/, '').endsWith('/' + path) || (!path && a.href.replace(/[?#].*/, '').endsWith('/')));
    if (link) link.click();
    else window.location.href = '/' + path + window.location.search;
  };
  const buttons = data.groups.map((group, index) => {
    const b = document.createElement('button');
    const name = document.createElement('span');
    name.textContent = group.name;
    b.type = 'button'; b.append(symbol(group.icon), name);
    if (group.pages.some(p => p.here)) b.setAttribute('aria-current', 'true');
    b.setAttribute('aria-expanded', 'false');
    b.onclick = () => {
      const again = !sheet.hidden && sheet.dataset.of === String(index);
      buttons.forEach(one => one.setAttribute('aria-expanded', 'false'));
      if (again) { sheet.hidden = true; return; }
      sheet.dataset.of = String(index);
      sheet.replaceChildren(...group.pages.map(p => {
        const to = document.createElement('button');
        const told = document.createElement('span');
        told.textContent = p.title;
        to.type = 'button'; to.append(symbol(p.icon), told); to.onclick = () => open(p.path);
        if (p.here) to.setAttribute('aria-current', 'page');
        return to;
      }));
      sheet.hidden = false; b.setAttribute('aria-expanded', 'true');
      sheet.querySelector('button').focus();
    };
    return b;
  });
  sheet.onkeydown = e => {
    if (e.key !== 'Escape') return;
    sheet.hidden = true; const b = buttons[Number(sheet.dataset.of)];
    b.setAttribute('aria-expanded', 'false'); b.focus();
  };
  bar.hidden = data.groups.length === 0;
  const row = document.createElement('div');
  row.className = 'fs-row'; row.append(...buttons);
  bar.replaceChildren(sheet, row);

  // ---- keys: undo, redo, what keys there are --------------------------------------------------
  let help = document.querySelector('dialog.fs-keys');
  if (!help) { help = document.createElement('dialog'); help.className = 'fs-keys'; document.body.appendChild(help); }
  const title = document.createElement('h2');
  title.textContent = data.words.keys;
  const list = document.createElement('dl');
  data.keys.forEach(([keys, what]) => {
    const dt = document.createElement('dt'), dd = document.createElement('dd');
    keys.split(' ').forEach(k => { const one = document.createElement('kbd'); one.textContent = k; dt.append(one); });
    dd.textContent = what; list.append(dt, dd);
  });
  const close = document.createElement('button');
  close.type = 'button'; close.textContent = data.words.close; close.onclick = () => help.close();
  help.setAttribute('aria-label', data.words.keys);
  help.replaceChildren(title, list, close);
  if (window.__fsKeys) document.removeEventListener('keydown', window.__fsKeys);
  window.__fsKeys = e => {
    const path = e.composedPath ? e.composedPath() : [e.target];
    const first = path[0];
    if (first && (/^(INPUT|TEXTAREA|SELECT)$/.test(first.tagName) || first.isContentEditable)) return;
    const press = (key) => {
      const b = document.querySelector('.st-key-' + key + ' button');
      if (b && !b.disabled) { e.preventDefault(); b.click(); }
    };
    const held = e.ctrlKey || e.metaKey;
    if (held && !e.altKey && e.key.toLowerCase() === 'z') press(e.shiftKey ? 'redo' : 'undo');
    else if (held && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'y') press('redo');
    else if (e.key === '?' && !held && !help.open) { e.preventDefault(); help.showModal(); }
  };
  document.addEventListener('keydown', window.__fsKeys);
}
