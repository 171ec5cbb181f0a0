export default function({data}) {
  const TOURED = 'funnel-sim:toured';

  // ---- another page is read from its top ------------------------------------------------------
  if (window.__fsPage !== undefined && window.__fsPage !== data.page) document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0);
  window.__fsPage = data.page;

  // ---- what was taken out is said for ten seconds, however often the page is drawn meanwhile ----
  window.__fsSaid ??= {};
  const said = () => document.querySelectorAll('[class*=st-key-removed_]').forEach(one => {
    const key = [...one.classList].find(name => name.startsWith('st-key-removed_'));
    const since = Date.now() - (window.__fsSaid[key] ??= Date.now());
    if (one.dataset.fsSaid !== key) { one.dataset.fsSaid = key; one.style.animationDelay = (10000 - since) / 1000 + 's'; }
  });
  said();

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
    window.__fsMenuSoon ??= setTimeout(() => { window.__fsMenuSoon = null; groups(); said(); }, 50);  // a busy page would put it off for ever
  });
  const app = document.querySelector('[data-testid=stApp]');
  if (app) window.__fsMenu.observe(app, {childList: true, subtree: true});

  // ---- words that Streamlit brings itself, in the reader's language ------------------------------
  const inside = 'a[href="#stMain"], [data-testid^=stFileUploader], [data-testid^=stMainMenu], [data-testid=stStatusWidget], [data-testid=stToolbar],' +
    ' [data-testid=stConnectionStatus], [data-testid=stDialog], [data-testid=stSelectbox], [data-testid=stMultiSelect], [data-testid=stDateInput],' +
    ' [data-baseweb=popover], [data-baseweb=modal], [role=listbox], [data-testid=stSelectboxVirtualDropdown], [data-testid=stTooltipContent], [data-testid=stTooltipErrorContent]';
  const patterns = data.swaps.patterns.map(([from, to]) => [new RegExp('^' + from + '$'), to]);
  const swapped = (text) => {
    const plain = text.trim();
    if (!plain || !/[A-Za-z]/.test(plain)) return null;
    if (Object.hasOwn(data.swaps.exact, plain)) return data.swaps.exact[plain];
    for (const [from, to] of patterns) if (from.test(plain)) return plain.replace(from, to);
    return null;
  };
  const swap = () => {
    document.querySelectorAll(inside).forEach(one => {
      const walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const to = swapped(node.nodeValue);
        if (to !== null && to !== node.nodeValue) node.nodeValue = to;
      }
    });
    document.querySelectorAll('[data-testid=stApp] [aria-label], [data-testid=stApp] [title]').forEach(one => {
      for (const name of ['aria-label', 'title']) {
        const to = one.hasAttribute(name) ? swapped(one.getAttribute(name)) : null;
        if (to !== null) one.setAttribute(name, to);
      }
    });
  };
  window.__fsSwap?.disconnect();
  if (Object.keys(data.swaps.exact).length) {
    swap();
    window.__fsSwap = new MutationObserver(() => {
      window.__fsSwapSoon ??= setTimeout(() => { window.__fsSwapSoon = null; swap(); }, 120);
    });
    window.__fsSwap.observe(document.body, {childList: true, subtree: true, characterData: true});
  }

  // ---- of the first address of a process that `streamlit run` started Streamlit says that there is no such page, although
  // it draws that page (decisions/0004-pages-folder.md); where the start page is drawn instead, it is true -------------------
  const missing = ['Page not found', data.swaps.exact['Page not found']];
  const needless = () => document.querySelectorAll('[data-testid=stDialog]').forEach(one => {
    const title = [...one.querySelectorAll('*')].find(each => !each.children.length && missing.includes(each.textContent.trim()));
    if (title) one.querySelector('button[aria-label=Close], button[aria-label="关闭"]')?.click();
  });
  if (data.page !== 'start') { needless(); setTimeout(needless, 1000); }

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
  const again = document.createElement('button');
  again.type = 'button'; again.textContent = data.words.tour; again.className = 'fs-again';
  again.onclick = () => {
    help.close();
    try { window.localStorage.removeItem(TOURED); } catch { /* no storage: shown anyway */ }
    window.__fsTourWanted = true;
    if (data.tour.length) tour(0); else open('');
  };
  help.replaceChildren(title, list, again, close);

  // ---- the first tour -----------------------------------------------------------------------
  const card = document.querySelector('dialog.fs-tour') || document.body.appendChild(document.createElement('dialog'));
  card.className = 'fs-tour';
  const dismissed = () => { try { return window.localStorage.getItem(TOURED) !== null; } catch { return true; } };
  // it stands under the bar as wide as the page, and the page makes room for it: it covers nothing
  const room = () => {
    const page = document.querySelector('[data-testid=stMainBlockContainer]'), bar = document.querySelector('.st-key-frame');
    if (!page || !bar) return;
    const at = bar.getBoundingClientRect();
    card.style.left = at.left + 'px'; card.style.width = at.width + 'px'; card.style.top = bar.offsetHeight + 8 + 'px';
    document.documentElement.style.setProperty('--fs-tour', card.open ? card.offsetHeight + 16 + 'px' : '0px');
  };
  card.onclose = room;
  window.__fsTourRoom?.disconnect();
  window.__fsTourRoom = new ResizeObserver(room);
  [card, document.querySelector('.st-key-frame')].forEach(one => one && window.__fsTourRoom.observe(one));
  const leave = () => {
    window.__fsTourWanted = false;
    try { window.localStorage.setItem(TOURED, '1'); } catch { /* no storage: said again next time */ }
    document.querySelectorAll('.fs-pointed').forEach(one => one.classList.remove('fs-pointed'));
    if (card.open) card.close();
  };
  const tour = (at) => {
    document.querySelectorAll('.fs-pointed').forEach(one => one.classList.remove('fs-pointed'));
    const step = data.tour[at];
    if (!step) { leave(); return; }
    const target = [...document.querySelectorAll(step.at)].find(one => one.getClientRects().length);
    if (!target) { tour(at + 1); return; }
    target.classList.add('fs-pointed');
    const head = document.createElement('h2'), told = document.createElement('p'), row = document.createElement('div');
    head.textContent = (at + 1) + ' / ' + data.tour.length + ' · ' + step.title; told.textContent = step.text; row.className = 'fs-tour-row';
    const skip = document.createElement('button'), next = document.createElement('button');
    skip.type = next.type = 'button'; skip.textContent = data.words.skip; skip.onclick = leave;
    const last = at === data.tour.length - 1;
    next.textContent = last ? data.words.done : data.words.next; next.className = 'fs-next'; next.onclick = () => last ? leave() : tour(at + 1);
    row.append(skip, next); card.replaceChildren(head, told, row); card.setAttribute('aria-label', step.title);
    card.oncancel = leave;
    if (!card.open) card.show();
    room();
    if (target.matches('.st-key-go_on, [class*=st-key-start_]')) target.scrollIntoView({block: 'nearest'});
    else document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0);
  };
  card.onkeydown = e => { if (e.key === 'Escape') leave(); };
  if (!data.tour.length && card.open) leave();  // whoever went on has left it
  if (data.tour.length && !card.open && (window.__fsTourWanted || !dismissed())) setTimeout(() => { if (window.__fsPage === data.page) tour(0); }, 400);
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
