/** The style of our own pages; inline, under its hash, so that a page is one request. */
export const STYLE = `
:root { color-scheme: light dark; --accent: #1f5fbf; --line: #c9ced6; --soft: #5b6472; --bad: #b3261e; --card: #fff; --page: #f2f4f7; }
@media (prefers-color-scheme: dark) {
  :root { --accent: #8ab4f8; --line: #454c57; --soft: #a8b0bc; --bad: #ffb4ab; --card: #1d2127; --page: #121519; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--page); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 27rem; margin: 8vh auto; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere; }
.brand { margin: 0; color: var(--soft); font-size: .8rem; font-weight: 600; letter-spacing: .12em; text-transform: uppercase; }
h1 { margin: .25rem 0 1rem; font-size: 1.4rem; line-height: 1.25; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
label { display: block; margin: .9rem 0 .3rem; font-weight: 600; }
input { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: .4rem; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button { padding: .6rem 1.1rem; font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: .4rem; cursor: pointer; background: var(--accent); color: var(--card); }
button.quiet { background: none; color: var(--accent); }
button.link { padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; font-weight: 400; }
a { color: var(--accent); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
.error { padding: .6rem .8rem; border: 1px solid var(--bad); border-radius: .4rem; color: var(--bad); }
.note { color: var(--soft); font-size: .9rem; }
ul.scopes { margin: .5rem 0; padding-left: 1.2rem; }
ul.scopes li { margin: .4rem 0; }
code { font-size: .9em; }
`;
