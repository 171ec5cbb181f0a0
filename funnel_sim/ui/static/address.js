export default function({data, setTriggerValue}) {
  const STORE = 'funnel-sim:last';
  const AGAIN = 'funnel-sim:again';
  const kept_for_now = (act) => { try { return act(window.sessionStorage); } catch { return null; } };
  // ---- a session that is not the one this page began with: the server was started anew, or has let go of a tab left open. It knows
  // nothing of what was typed, the address does (else the browser's own storage): the page opens again from there ----
  if (window.__fsBorn && window.__fsBorn !== data.born) {
    if (window.__fsLost) return;
    window.__fsLost = true;
    const here = new URL(window.location.href).searchParams;
    let rows = '';
    try { rows = JSON.parse(window.localStorage.getItem(STORE)).p || ''; } catch { /* nothing was kept */ }
    if (!here.get('s') || (rows && !here.get('p'))) kept_for_now(s => s.setItem(AGAIN, '1'));
    window.location.reload();
    return;
  }
  window.__fsBorn = data.born;
  const url = new URL(window.location.href);
  url.searchParams.set('lang', data.lang);
  if (data.s) url.searchParams.set('s', data.s); else url.searchParams.delete('s');
  if (data.p) url.searchParams.set('p', data.p); else url.searchParams.delete('p');
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, '', url.href);
  document.documentElement.lang = data.lang === 'zh' ? 'zh-CN' : 'en';
  if (data.keep === undefined) return;

  // ---- what was typed, in this browser's own storage ------------------------------------------
  const storage = (act) => { try { return act(window.localStorage); } catch { return null; } };
  if (data.forget && window.__fsForgot !== data.forget) {
    window.__fsForgot = data.forget;
    storage(s => s.removeItem(STORE));
  } else if (data.keep) {
    storage(s => s.setItem(STORE, JSON.stringify({s: data.keep, p: data.rows || '', told: data.told, at: Date.now()})));
  }
  const again = kept_for_now(s => s.getItem(AGAIN)) !== null;
  if (again) kept_for_now(s => s.removeItem(AGAIN));
  if ((data.ask || again) && !window.__fsAsked) {
    window.__fsAsked = true;
    const kept = storage(s => s.getItem(STORE));
    if (kept) {
      try {
        const one = JSON.parse(kept);
        const when = new Date(one.at).toLocaleString(document.documentElement.lang, {dateStyle: 'medium', timeStyle: 'short'});
        setTriggerValue('saved', JSON.stringify({s: one.s, p: one.p || '', told: one.told, when, again}) + '|' + Date.now());
      } catch { storage(s => s.removeItem(STORE)); }
    }
  }
}
