export default function({data, parentElement, setTriggerValue}) {
  let root = parentElement.querySelector('.strip');
  if (!root) { root = document.createElement('div'); parentElement.appendChild(root); }
  // stays in view: the element's own box is made sticky below the app's header
  const box = (parentElement.host || parentElement).closest('.stElementContainer');
  if (box) Object.assign(box.style, {position: 'sticky', top: '48px', zIndex: 90});
  root.className = 'strip ' + data.theme;
  root.setAttribute('role', 'group'); root.setAttribute('aria-label', data.label);
  const made = data.cards.map(c => {
    const b = document.createElement('button');
    b.className = c.tone; b.title = [c.says, data.hint].filter(Boolean).join('\n'); b.dataset.figure = c.key;
    const n = document.createElement('span'); n.className = 'name'; n.textContent = c.name;
    const v = document.createElement('span'); v.className = 'value'; v.textContent = c.value;
    b.append(n, v);
    if (c.more) { const m = document.createElement('span'); m.className = 'more'; m.textContent = c.more; b.append(m); }
    b.onclick = () => setTriggerValue('opened', c.key + '|' + Date.now());
    return b;
  });
  root.replaceChildren(...made);
}
