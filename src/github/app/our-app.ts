import type { GitHub } from '../client.ts'

/** The App that we are at GitHub. */
export interface OurApp {
  id: number
  slug: string
  /** Its page; people install it from there. */
  url: string
}

/** Asks GitHub once who the App is; a failure is asked again. `app` signs as the App. */
export function createWhoIsOurApp(app: GitHub): () => Promise<OurApp> {
  let asked: Promise<OurApp> | undefined
  return () => {
    asked ??= askWho(app).catch((error: unknown) => {
      asked = undefined
      throw error
    })
    return asked
  }
}

async function askWho(app: GitHub): Promise<OurApp> {
  const { data } = await app.rest.apps.getAuthenticated()
  if (data === null) throw new Error('GitHub does not say which App this is.')
  return { id: data.id, slug: data.slug ?? '', url: data.html_url }
}
