import type { Role } from '../access/role.ts'
import { useMay } from './shell.ts'

/** The pages that are reached from everywhere, and the role that each needs. */
const entries = [
  { path: '/', text: 'Deployments', role: 'viewer' },
  { path: '/deliveries', text: 'Deliveries', role: 'viewer' },
  { path: '/locks', text: 'Locks', role: 'viewer' },
  { path: '/queue', text: 'Queue', role: 'viewer' },
  { path: '/figures', text: 'Figures', role: 'viewer' },
  { path: '/audit', text: 'Audit', role: 'admin' },
  { path: '/tokens', text: 'Tokens', role: 'admin' },
] as const satisfies { path: string; text: string; role: Role }[]

/** Where a page belongs. */
export type NavPath = (typeof entries)[number]['path']

export function Navigation({ under }: { under?: NavPath | undefined }) {
  return (
    <nav aria-label="Main" class="nav">
      <ul>
        {entries.map((entry) => (
          <NavLink {...entry} isCurrent={entry.path === under} />
        ))}
      </ul>
    </nav>
  )
}

function NavLink({ path, text, role, isCurrent }: (typeof entries)[number] & { isCurrent: boolean }) {
  if (!useMay(role)) return null
  return (
    <li>
      <a href={path} {...(isCurrent ? { 'aria-current': 'page' } : {})}>
        {text}
      </a>
    </li>
  )
}
