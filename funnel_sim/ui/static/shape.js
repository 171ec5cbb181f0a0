export default function({data, parentElement}) {
  let box = parentElement.querySelector('.box');
  if (!box) { box = document.createElement('div'); box.className = 'box'; parentElement.appendChild(box); }
  const NS = 'http://www.w3.org/2000/svg', W = 300, H = 96;
  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('viewBox', `0 0 ${W} ${H}`); svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img'); svg.setAttribute('aria-label', data.label);
  const n = data.heights.length, x = i => W * (n > 1 ? i / (n - 1) : .5), y = h => H - 4 - h * (H - 10);
  const path = document.createElementNS(NS, 'path');
  path.setAttribute('d', `M 0 ${H} ` + data.heights.map((h, i) => `L ${x(i)} ${y(h)}`).join(' ') + ` L ${W} ${H} Z`);
  svg.appendChild(path);
  data.marks.forEach(m => { const l = document.createElementNS(NS, 'line');
    l.setAttribute('x1', m * W); l.setAttribute('x2', m * W); l.setAttribute('y1', 0); l.setAttribute('y2', H); svg.appendChild(l); });
  const lines = data.lines.map(t => { const p = document.createElement('p'); p.textContent = t; return p; });
  box.replaceChildren(svg, ...lines);
}
