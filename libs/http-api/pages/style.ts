/**
 * The style of our own pages; inline, under its hash, so that a page is one request. Its colours,
 * radius and fonts are the console's (apps/console/src/app/theme.ts).
 */
export const STYLE = `
:root { color-scheme: light dark; --accent: #1c5d99; --on-accent: #fff; --hover: #195489; --line: #ced4da; --edge: #868e96; --text: #000; --soft: #5c636a; --bad: #c92a2a; --bad-back: #fff5f5; --card: #fff; --field: #fff; --page: #f8f9fa; }
@media (prefers-color-scheme: dark) {
  :root { --accent: #72ace6; --on-accent: #10202e; --hover: #a4c9ee; --line: #424242; --edge: #828282; --text: #c9c9c9; --soft: #a3a3a3; --bad: #ffa8a8; --bad-back: #3a2323; --card: #242424; --field: #2e2e2e; --page: #1f1f1f; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; color: var(--text); background: var(--page); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif; }
main { max-width: 27rem; margin: 8vh auto; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; box-shadow: 0 1px 3px #0000000d, 0 10px 15px -5px #0000000d; overflow-wrap: anywhere; }
@media (max-width: 30rem) { main { margin: 1rem auto; padding: 1.25rem; } }
.brand { display: flex; align-items: center; gap: .6rem; margin: 0 0 1.5rem; font-size: 1.3rem; font-weight: 700; line-height: 1; letter-spacing: -.02em; }
.brand svg { width: 2rem; height: 2rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; font-weight: 650; line-height: 1.3; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; font-weight: 650; }
strong { font-weight: 600; }
section + section { border-top: 1px solid var(--line); margin-top: 1.5rem; }
label { display: block; margin: .9rem 0 .25rem; font-size: .9rem; font-weight: 500; }
input { width: 100%; min-height: 2.5rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--field); border: 1px solid var(--edge); border-radius: .5rem; }
input[aria-invalid] { border-color: var(--bad); }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button { min-height: 2.5rem; padding: .5rem 1.15rem; font: inherit; font-weight: 600; border: 1px solid var(--accent); border-radius: .5rem; cursor: pointer; background: var(--accent); color: var(--on-accent); }
button:hover { background: var(--hover); border-color: var(--hover); }
a.button { display: block; flex: 1; min-height: 2.5rem; padding: .45rem 1.15rem; font-weight: 600; text-align: center; text-decoration: none; border: 1px solid var(--accent); border-radius: .5rem; background: var(--accent); color: var(--on-accent); }
a.button:hover { background: var(--hover); border-color: var(--hover); }
button:disabled { opacity: .6; cursor: default; }
button.quiet { background: var(--card); color: inherit; border-color: var(--edge); }
button.quiet:hover { background: var(--page); }
button.link { min-height: 0; padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; font-weight: 400; }
a { color: var(--accent); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
.actions button { flex: 1; }
.error { padding: .7rem .9rem; border-left: 4px solid var(--bad); border-radius: .5rem; color: var(--bad); background: var(--bad-back); }
.note { color: var(--soft); font-size: .9rem; }
ul.scopes { margin: .5rem 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .5rem; }
ul.scopes li { padding: .5rem .75rem; }
ul.scopes li + li { border-top: 1px solid var(--line); }
code { font: .85em ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
ul.scopes code { display: block; color: var(--soft); }
.qr svg { display: block; width: 13rem; max-width: 100%; height: auto; margin: 0 auto; border-radius: .5rem; }
.key { font-size: .9rem; user-select: all; }
ul.codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .4rem 1rem; margin: 1rem 0; padding: .9rem; list-style: none; border: 1px solid var(--line); border-radius: .5rem; background: var(--field); text-align: center; }
ul.codes code { font-size: .95rem; }
`;
