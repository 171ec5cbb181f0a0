export default function({data}) {
  const label = data;
  // the uploader's own words are English: in the reader's language, where there are such
  const say = () => document.querySelectorAll('[data-testid=stFileUploaderDropzone]').forEach(zone => {
    const walk = document.createTreeWalker(zone, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.nodeValue === 'Upload') node.nodeValue = label.upload;
      const limit = /^([0-9]+) ?MB per file/.exec(node.nodeValue);
      if (limit && label.limit) node.nodeValue = node.nodeValue.replace(limit[0], label.limit.replace('0', limit[1]));
    }
  });
  // Tab goes from field to field: a tooltip that opens under focus would lie over the field just typed
  const skip = () => document.querySelectorAll('[data-testid=stTooltipIcon] button, [data-testid=stHeaderActionElements] a').forEach(one => {
    if (one.tabIndex >= 0 && !one.textContent.trim()) one.tabIndex = -1;  // a sign alone; what has words is a button of ours
  });
  const both = () => { say(); skip(); };
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
  window.__takeCharts = new MutationObserver(() => { clearTimeout(window.__takeSoon); window.__takeSoon = setTimeout(() => { window.__takeSoon = null; both(); }, 150); });
  const main = document.querySelector('[data-testid=stMain]');
  if (main) window.__takeCharts.observe(main, {childList: true, subtree: true});
}
