export default function({data, parentElement, setTriggerValue}) {
  let root = parentElement.querySelector('.groups');
  if (!root) { root = document.createElement('div'); parentElement.appendChild(root); }
  root.className = 'groups ' + data.theme;
  root.setAttribute('role', 'group'); root.setAttribute('aria-label', data.label);
  root.replaceChildren(...data.groups.map(g => {
    const box = document.createElement('div'); box.className = 'group';
    const head = document.createElement('h6'); head.textContent = g.name; box.append(head);
    g.rows.forEach(r => {
      const b = document.createElement('button'); b.title = data.hint; b.dataset.figure = r.key; if (r.bad) b.className = 'bad';
      const n = document.createElement('span'); n.className = 'name'; n.textContent = r.name;
      const v = document.createElement('span'); v.className = 'value'; v.textContent = r.value;
      b.append(n, v);
      if (r.more) { const m = document.createElement('span'); m.className = 'more'; m.textContent = r.more; b.append(m); }
      b.onclick = () => setTriggerValue('opened', r.key + '|' + Date.now());
      box.append(b);
    });
    return box;
  }));
}
