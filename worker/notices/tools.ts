import type { Announced } from '../../src/notices/announced.ts'
import type { Overview } from '../../src/overview/overview.ts'
import type { Channels } from './channels.ts'
import type { PageRoots } from './pages.ts'

/** All that handlers need to tell people of something. */
export interface NoticeTools {
  channels: Pick<Channels, 'of' | 'tell'>
  announced: Announced
  history: Pick<Overview, 'usualMs' | 'predecessor'>
  pages: PageRoots
}
