export default function({data}) {
  const mark = () => {
    document.querySelectorAll('[data-testid=stMain] input[aria-label]').forEach(one => {
      const told = data.texts[one.getAttribute('aria-label')];
      if (told && one.title !== told) one.title = told;
    });
  };
  mark();
  window.__fsHints?.disconnect();
  window.__fsHints = new MutationObserver(() => {
    window.__fsHintsSoon ??= setTimeout(() => { window.__fsHintsSoon = null; mark(); }, 200);
  });
  const main = document.querySelector('[data-testid=stMain]');
  if (main) window.__fsHints.observe(main, {childList: true, subtree: true});
}
