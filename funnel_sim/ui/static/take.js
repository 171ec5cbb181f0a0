export default function({data}) {
  const label = data;
  const save = (href, name) => { const a = document.createElement('a'); a.href = href; a.download = name; a.click(); };
  const drawn = box => {
    const svg = box.querySelector('svg').cloneNode(true);
    const paper = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor;
    svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    const back = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    back.setAttribute('width', '100%'); back.setAttribute('height', '100%'); back.setAttribute('fill', paper);
    svg.insertBefore(back, svg.firstChild);
    return new XMLSerializer().serializeToString(svg);
  };
  const name = box => {
    const page = document.title.split(' \u00b7 ')[0];
    return (page + ' ' + (1 + [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].indexOf(box))).replace(/[\\/:*?"<>|]+/g, ' ');
  };
  const asSvg = box => { const url = URL.createObjectURL(new Blob([drawn(box)], {type: 'image/svg+xml;charset=utf-8'})); save(url, name(box) + '.svg'); setTimeout(() => URL.revokeObjectURL(url), 5000); };
  const asPng = box => {
    const live = box.querySelector('svg'), image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = 2 * live.width.baseVal.value; canvas.height = 2 * live.height.baseVal.value;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => { const url = URL.createObjectURL(blob); save(url, name(box) + '.png'); setTimeout(() => URL.revokeObjectURL(url), 5000); }, 'image/png');
    };
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(drawn(box));
  };
  const put = () => document.querySelectorAll('[data-testid=stVegaLiteChart]').forEach(box => {
    const place = box.closest('[data-testid=stElementContainer]');
    if (!place || place.querySelector('.take-chart') || !box.querySelector('svg')) return;
    const row = document.createElement('div'); row.className = 'take-chart';
    row.style.cssText = 'position:absolute;right:0;bottom:0;display:flex;gap:6px'; place.style.position = 'relative'; place.style.paddingBottom = '28px';
    for (const [text, act] of [['SVG', asSvg], ['PNG', asPng]]) {
      const b = document.createElement('button'); b.textContent = text; b.title = label.hint + ' ' + text; b.type = 'button';
      b.style.cssText = 'all:unset;cursor:pointer;font:12px var(--st-font, sans-serif);opacity:.7;border:1px solid rgba(128,128,128,.4);border-radius:6px;padding:0 8px;line-height:1.7';
      b.onfocus = () => b.style.outline = '2px solid currentColor'; b.onblur = () => b.style.outline = '';
      b.onclick = () => act(place.querySelector('[data-testid=stVegaLiteChart]')); row.appendChild(b);
    }
    place.appendChild(row);
  });
  // the uploader's own words are English: in the reader's language, where there are such
  const say = () => document.querySelectorAll('[data-testid=stFileUploaderDropzone]').forEach(zone => {
    const walk = document.createTreeWalker(zone, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.nodeValue === 'Upload') node.nodeValue = label.upload;
      const limit = /^([0-9]+) ?MB per file/.exec(node.nodeValue);
      if (limit && label.limit) node.nodeValue = node.nodeValue.replace(limit[0], label.limit.replace('0', limit[1]));
    }
  });
  const both = () => { put(); say(); };
  both();
  if (!window.__closesMenu) {
    window.__closesMenu = true;  // on a phone the menu covers the page: choosing a page is the end of it
    document.addEventListener('click', event => {
      if (window.innerWidth > 768 || !event.target.closest?.('[data-testid=stSidebarNavLink]')) return;
      setTimeout(() => {
        const bar = document.querySelector('[data-testid=stSidebar]');
        if (bar?.getBoundingClientRect().right > 0) bar.querySelector('[data-testid=stSidebarCollapseButton] button')?.click();
      }, 100);
    }, true);
  }
  window.__takeCharts?.disconnect();
  window.__takeCharts = new MutationObserver(() => { clearTimeout(window.__takeSoon); window.__takeSoon = setTimeout(both, 150); });
  const main = document.querySelector('[data-testid=stMain]');
  if (main) window.__takeCharts.observe(main, {childList: true, subtree: true});
}
