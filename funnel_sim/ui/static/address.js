export default function({data}) {
      const u = new URL(window.location.href);
      u.searchParams.set('lang', data.lang);
      if (data.s) u.searchParams.set('s', data.s); else u.searchParams.delete('s');
      if (u.href !== window.location.href) window.history.replaceState(window.history.state, '', u.href);
      document.documentElement.lang = data.lang === 'zh' ? 'zh-CN' : 'en';
    }
