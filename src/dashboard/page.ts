import type { ComponentChildren } from 'preact'
import type { LiveScope } from './live.ts'
import type { NavPath } from './navigation.tsx'
import type { Notice } from './notices.ts'

/** A page before it has its shell. */
export interface Page {
  /** What the window, the tab and the history call it. */
  title: string
  /** Where it belongs in the navigation. */
  under?: NavPath | undefined
  /** `owner/name` if it is about one repository: the reader's role is then the one they have there. */
  repository?: string | undefined
  /** What it follows; without it, it stays as it is. */
  live?: LiveScope | undefined
  /** What has just happened, or why it has not. */
  notice?: Notice | undefined
  body: ComponentChildren
}
