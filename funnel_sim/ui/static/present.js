export default function({data, setTriggerValue}) {
      if (window.__presentKeys) document.removeEventListener('keydown', window.__presentKeys);
      window.__presentKeys = e => {
        if (!document.body.contains(document.querySelector('.present-here')) || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
        const step = ['ArrowRight', 'PageDown', ' '].includes(e.key) ? 'next' : ['ArrowLeft', 'PageUp'].includes(e.key) ? 'back' : e.key === 'Escape' ? 'leave' : ['i', 'I'].includes(e.key) && !e.ctrlKey && !e.metaKey && !e.altKey ? 'inputs' : null;
        if (step) { e.preventDefault(); setTriggerValue('pressed', step + '|' + Date.now()); }
      };
      document.addEventListener('keydown', window.__presentKeys);
    }
