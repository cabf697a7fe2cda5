import type { Snapshot } from '../control/snapshot.ts'
import { html, type Markup } from './html.ts'

type Repository = Snapshot['repositories'][number]
type Deployment = Repository['deployments'][number]
type Pull = Repository['pulls'][number]
type Delivery = Snapshot['deliveries'][number]

/** How many of the newest things are shown. */
const SHOWN = 25

/** The sandbox in a browser: what it holds and has done, and forms to open and merge pull requests. */
export function renderPage(snapshot: Snapshot): string {
  const { repositories, deliveries, violations } = snapshot
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GitHub sandbox</title>
<link rel="stylesheet" href="/sandbox/style.css">
<script src="/sandbox/live.js" defer></script>
</head>
<body>
<header>
<h1>GitHub sandbox</h1>
<p>A small GitHub on this machine. Its API is at <code>${snapshot.api_url}</code>.
Open a pull request, merge it, and watch its deployment.</p>
</header>
<main>
${repositories.map(renderForm)}
<div id="live">
${repositories.map(renderRepository)}
${violations.length > 0 && renderViolations(violations)}
${renderDeliveries(deliveries)}
</div>
</main>
</body>
</html>
`
  return page.markup
}

function renderForm({ full_name }: Repository): Markup {
  return html`<section>
<h2>${full_name}: open a pull request</h2>
<form class="open" method="post" action="/sandbox/repositories/${full_name}/pulls">
<input name="title" required maxlength="200" placeholder="What does it change?" aria-label="Title">
<button class="go">Open pull request</button>
</form>
</section>`
}

function renderRepository(repository: Repository): Markup {
  const { full_name, clone_url, pulls, deployments } = repository
  return html`<section id="${full_name}">
<h2>${full_name}</h2>
<code class="quiet">git clone ${clone_url}</code>
<h3>Pull requests</h3>
${pulls.length === 0 ? html`<p class="quiet">None yet.</p>` : renderPulls(full_name, pulls)}
<h3>Deployments</h3>
${deployments.length === 0 ? html`<p class="quiet">None yet. A merge asks for one.</p>` : renderDeployments(deployments)}
</section>`
}

function renderPulls(fullName: string, pulls: Pull[]): Markup {
  return html`<table>${newest(pulls).map((pull) => renderPull(fullName, pull))}</table>`
}

function renderPull(fullName: string, pull: Pull): Markup {
  return html`<tr>
<td class="quiet">#${pull.number}</td>
<td>${pull.title}<br><span class="quiet">${pull.user}, <code>${pull.head.ref}</code></span></td>
<td><span class="pill ${pull.state}">${pull.state}</span></td>
<td>${
    pull.state === 'open'
      ? html`<form method="post" action="/sandbox/repositories/${fullName}/pulls/${pull.number}/merge">
<button class="go">Merge</button></form>`
      : html`<code class="quiet">${pull.merge_commit_sha?.slice(0, 7)}</code>`
  }</td>
</tr>`
}

function renderDeployments(deployments: Deployment[]): Markup {
  return html`<table>${newest(deployments).map(renderDeployment)}</table>`
}

function renderDeployment(deployment: Deployment): Markup {
  const { id, environment, sha, description, creator, at, statuses } = deployment
  return html`<tr>
<td><span class="quiet">${id}</span></td>
<td>${environment} <code class="quiet">${sha.slice(0, 7)}</code><br>
<span class="quiet">${description || `by ${creator}`}</span></td>
<td><ol>${statuses.map(
    (status) => html`<li><span class="pill ${status.state}" title="${status.description}">${status.state}
+${((status.at - at) / 1000).toFixed(1)} s</span>${renderLog(status.log_url)}</li>`,
  )}</ol></td>
</tr>`
}

/** Only web addresses become links: the log_url came from outside. */
function renderLog(url: string): Markup | null {
  return /^https?:\/\//.test(url) ? html` <a href="${url}" rel="noreferrer">log</a>` : null
}

function renderDeliveries(deliveries: Delivery[]): Markup {
  return html`<section>
<h2>Webhook deliveries</h2>
${
  deliveries.length === 0
    ? html`<p class="quiet">None yet.</p>`
    : html`<table><tr><th>event</th><th>answer</th><th>took</th><th>GUID</th><th></th></tr>
${newest(deliveries).map(renderDelivery)}</table>`
}
</section>`
}

function renderDelivery(delivery: Delivery): Markup {
  const { event, action, guid, status, status_code, duration, redelivery } = delivery
  const tone = status === null ? 'pending' : status === 'OK' ? 'OK' : 'failed'
  return html`<tr>
<td>${event}${action && `.${action}`}${redelivery && ' (again)'}</td>
<td><span class="pill ${tone}">${status ?? 'under way'}${status_code > 0 && ` ${status_code}`}</span></td>
<td>${status !== null && `${Math.round(duration * 1000)} ms`}</td>
<td><code class="quiet">${guid}</code></td>
<td><form method="post" action="/sandbox/deliveries/${guid}/attempts"><button>Redeliver</button></form></td>
</tr>`
}

function renderViolations(violations: Snapshot['violations']): Markup {
  return html`<section>
<h2>Requests that GitHub would refuse</h2>
<table>${newest(violations).map(
    ({ method, path, problems }) =>
      html`<tr><td><code>${method} ${path}</code></td><td>${problems.join('; ')}</td></tr>`,
  )}</table>
</section>`
}

function newest<T>(things: T[]): T[] {
  return things.slice(-SHOWN).reverse()
}
