import { neededEvents, neededPermissions } from '../../github/app/needs.ts'

/** What the page on this machine shows. All of it is pure. */

export interface AskPage {
  /** Where the form goes, with the state. */
  action: string
  manifest: string
  /** Such as `github.com`. */
  host: string
}

/** Shows what the App will be asked to permit, and why, with a button that leads on to GitHub. */
export function askPage({ action, manifest, host }: AskPage): string {
  const permissions = neededPermissions.map(
    ({ name, access, why }) =>
      `<tr><td><code>${name}</code></td><td>${access}</td><td>${escaped(why)}</td></tr>`,
  )
  const events = neededEvents.map(({ name }) => `<code>${name}</code>`)
  return page(
    'Create a GitHub App',
    `<p>Livraison signs in at GitHub as an App of yours, and hears by it what happens. GitHub asks you for its name next.</p>
<form method="post" action="${escaped(action)}">
<input type="hidden" name="manifest" value="${escaped(manifest)}">
<button>Go on to ${escaped(host)}</button>
</form>
<h2>What it will be permitted</h2>
<table><thead><tr><th>Permission</th><th>Access</th><th>What for</th></tr></thead><tbody>
${permissions.join('\n')}
</tbody></table>
<h2>What it will be told of</h2>
<p>${events.join(', ')}</p>`,
  )
}

/** How it ended, and what comes next. */
export function donePage(name: string, installUrl: string): string {
  return page(
    'The GitHub App is made',
    `<p><strong>${escaped(name)}</strong> is made, and its key and secrets are stored on this machine.</p>
<p><a href="${escaped(installUrl)}">Install it on your repositories</a>, and you are done here.</p>`,
  )
}

export function failedPage(message: string): string {
  return page('That did not work', `<p>${escaped(message)}</p>`)
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#1a7f37;color:#fff;cursor:pointer}
a{color:#0550ae}@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#79c0ff}}`

function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Livraison</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
