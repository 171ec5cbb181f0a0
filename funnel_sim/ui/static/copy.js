// A button in words that copies the link. Whoever types and presses it at once is given the link of what was typed:
// the text is taken when the page has come to rest, not when the button is pressed.
export default function({data, parentElement}) {
  const button = parentElement.querySelector('button') || parentElement.appendChild(document.createElement('button'));
  button.className = 'fs-copy'; button.type = 'button';
  window.__fsLink = data.link;
  const working = () => document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') !== 'notRunning';
  const pause = time => new Promise(done => setTimeout(done, time));
  const told = (text, state) => {
    button.dataset.state = state; button.textContent = text;
    if (state) setTimeout(() => { if (button.dataset.state === state) told(data.copy, ''); }, 3000);
  };
  const rested = async () => {
    await pause(60);  // what was typed is sent when its box is left, which is now
    for (let quiet = 0, tries = 0; quiet < 3 && tries < 160; tries++) { quiet = working() ? 0 : quiet + 1; await pause(50); }
    return window.__fsLink;
  };
  const byHand = text => {
    const box = Object.assign(document.createElement('textarea'), {value: text});
    document.body.appendChild(box); box.select();
    const done = document.execCommand('copy');
    box.remove();
    if (!done) throw new Error('not copied');
  };
  button.onclick = async () => {
    const link = rested();
    try {
      const item = link.then(text => new Blob([text], {type: 'text/plain'}));
      if (window.isSecureContext && navigator.clipboard && window.ClipboardItem) await navigator.clipboard.write([new ClipboardItem({'text/plain': item})]);
      else byHand(await link);
      told(data.copied, 'done');
    } catch {
      try { byHand(await link); told(data.copied, 'done'); } catch { told(data.failed, 'failed'); }
    }
  };
  if (!button.dataset.state) told(data.copy, '');
}
