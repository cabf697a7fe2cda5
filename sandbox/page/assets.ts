/** The page's only script: takes over the live part again after each change. Without it, reload by hand. */
export const SCRIPT = `'use strict'
let due = false
async function refresh() {
  due = false
  const answer = await fetch('/', { headers: { accept: 'text/html' } })
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live')
  const live = document.getElementById('live')
  if (next && live) live.replaceWith(document.adoptNode(next))
}
new EventSource('/sandbox/events').addEventListener('change', () => {
  if (due) return
  due = true
  setTimeout(refresh, 150)
})
`

export const STYLE = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1f2328, #e6edf3); --quiet: light-dark(#59636e, #9198a1);
  --paper: light-dark(#f6f8fa, #0d1117); --card: light-dark(#fff, #151b23);
  --line: light-dark(#d1d9e0, #3d444d); --link: light-dark(#0969da, #4493f8);
  --good: light-dark(#1a7f37, #3fb950); --bad: light-dark(#d1242f, #f85149);
  --busy: light-dark(#9a6700, #d29922); --done: light-dark(#8250df, #ab7df8);
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif }
header, main { max-width: 68rem; margin: 0 auto; padding: 1rem 1.25rem }
header p { margin: .25rem 0 0; color: var(--quiet) }
h1 { margin: .5rem 0 0; font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 0 }
h3 { font-size: .95rem; margin: 1.25rem 0 .4rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1rem 1.25rem; margin: 0 0 1rem; overflow-x: auto }
code, .mono { font: 12.5px ui-monospace, SFMono-Regular, Menlo, monospace }
a { color: var(--link) } .quiet { color: var(--quiet) }
table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top }
th { color: var(--quiet); font-weight: 500; font-size: .85rem; border: 0 }
form { display: inline } form.open { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem }
input { flex: 1 1 16rem; min-width: 0; padding: .4rem .6rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: .4rem }
button { padding: .35rem .8rem; font: inherit; font-size: .9rem; cursor: pointer; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: .4rem }
button.go { background: #1f883d; border-color: #1f883d; color: #fff }
button:focus-visible, input:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 1px }
ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem }
.pill { display: inline-block; padding: 0 .55rem; border: 1px solid currentColor; border-radius: 1rem;
  font-size: .82rem; white-space: nowrap; color: var(--quiet) }
.success, .open, .OK { color: var(--good) } .failure, .error, .failed { color: var(--bad) }
.pending, .queued, .in_progress { color: var(--busy) } .merged { color: var(--done) }
`
