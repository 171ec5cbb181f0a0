// Two windows of one browser: the shared one tells its offer, the private one follows it. What is typed privately never
// leaves the private window; all it can send is the monthly base that its reader presses a button for.
export default function({data, setTriggerValue, parentElement}) {
  const pair = window.__fsPair ??= (() => {
    if (data.side === 'private') return new URL(window.location.href).searchParams.get('pair') || '';
    try { return sessionStorage['funnel-sim:pair'] ??= crypto.randomUUID(); } catch { return String(Math.random()).slice(2); }
  })();
  const channel = window.__fsOffer ??= 'BroadcastChannel' in window && pair ? new BroadcastChannel('funnel-sim:' + pair) : null;
  const post = what => channel?.postMessage(what);

  if (data.side === 'private') {
    if (channel) channel.onmessage = ({data: got}) => {
      if (got.kind !== 'offer' || got.s === window.__fsOfferSeen) return;
      window.__fsOfferSeen = got.s;
      setTriggerValue('offer', got.s + '|' + Date.now());
    };
    if (!window.__fsOfferAsked) { window.__fsOfferAsked = true; post({kind: 'ask'}); }
    if (data.give && data.give !== window.__fsGiven) { window.__fsGiven = data.give; post({kind: 'base', what: data.give}); }
    return;
  }

  window.__fsOfferNow = data.s;
  if (channel) channel.onmessage = ({data: got}) => {
    if (got.kind === 'ask') post({kind: 'offer', s: window.__fsOfferNow});
    if (got.kind === 'base') setTriggerValue('base', got.what + '|' + Date.now());
  };
  if (window.__fsOfferSent !== data.s) { window.__fsOfferSent = data.s; post({kind: 'offer', s: data.s}); }
  const link = parentElement.querySelector('a') || parentElement.appendChild(document.createElement('a'));
  const url = new URL(data.path, window.location.href);
  url.search = new URLSearchParams({lang: data.lang, pair, ...(data.short ? {s: data.short} : {})}).toString();
  link.className = 'fs-private'; link.href = url.href; link.target = '_blank'; link.title = data.title;
  link.setAttribute('aria-label', data.title);
  const sign = document.createElement('span'), name = document.createElement('span');
  sign.className = 'fs-symbol'; sign.textContent = 'lock'; sign.setAttribute('aria-hidden', 'true');
  name.className = 'fs-private-name'; name.textContent = data.title;
  link.replaceChildren(sign, name);
  link.onclick = event => {
    const there = window.__fsPrivate;
    if (there && !there.closed) { there.focus(); event.preventDefault(); return; }  // opening anew would forget what is typed there
    const opened = window.open(link.href, '_blank', 'popup,width=560,height=860');
    if (opened) { window.__fsPrivate = opened; event.preventDefault(); }
  };
}
