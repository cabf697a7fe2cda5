import { assetUrl } from './assets.ts'
import { Form } from './components/form.tsx'
import { Drawings, Mark } from './components/icons.tsx'
import { liveAddress } from './live.ts'
import { Navigation } from './navigation.tsx'
import type { Page } from './page.ts'
import { useShell } from './shell.ts'

/** The whole document around a page. */
export function Layout({ page, changesUntil }: { page: Page; changesUntil: string }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${page.title} · Livraison`}</title>
        <link rel="icon" type="image/svg+xml" href={assetUrl('icon.svg')} />
        <link rel="stylesheet" href={assetUrl('dashboard.css')} />
        <script src={assetUrl('idiomorph.js')} defer />
        <script type="module" src={assetUrl('main.js')} />
      </head>
      <body {...(page.live ? { 'data-live': liveAddress(page.live, changesUntil) } : {})}>
        <Drawings />
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header page={page} />
        <main id="main" tabindex={-1}>
          {page.notice ? <Notice {...page.notice} /> : null}
          {page.body}
        </main>
      </body>
    </html>
  )
}

function Header({ page }: { page: Page }) {
  const { role } = useShell()
  return (
    <header class="top">
      <a class="brand" href="/" aria-label="Livraison, all deployments">
        <Mark />
        <span>Livraison</span>
      </a>
      {role === undefined ? null : <Navigation under={page.under} />}
      <div class="who">
        {page.live ? <span class="live" role="status" data-live-state hidden /> : null}
        <SignedIn />
      </div>
    </header>
  )
}

function SignedIn() {
  const { actor } = useShell()
  if (actor === null) return null
  return (
    <>
      <span class="actor" title={`Signed in as ${actor.name}`}>
        {actor.kind === 'admin' ? 'admin' : actor.name}
      </span>
      <Form action="/sign-out">
        <button type="submit" class="plain">
          Sign out
        </button>
      </Form>
    </>
  )
}

function Notice({ kind, text }: { kind: 'done' | 'refused'; text: string }) {
  return (
    <p class={`notice ${kind}`} role={kind === 'done' ? 'status' : 'alert'}>
      {text}
    </p>
  )
}
