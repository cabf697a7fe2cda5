import { html, type Markup } from '../page/html.ts'

/** The page on which GitHub asks whether an app may know who somebody is: here, as whom. */
export function renderAuthorize(people: string[], addressFor: (login: string) => string, no: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in - GitHub sandbox</title>
<link rel="stylesheet" href="/sandbox/style.css">
</head>
<body>
<header>
<h1>GitHub sandbox</h1>
<p>An app wants to know who you are.</p>
</header>
<main>
<section>
<h2>You are</h2>
<table>${people.map((login): Markup => html`<tr><td><a href="${addressFor(login)}">${login}</a></td></tr>`)}</table>
<p><a href="${no}">Tell it nothing</a></p>
</section>
</main>
</body>
</html>
`.markup
}
