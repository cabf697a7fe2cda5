import type { ChannelState } from '../../notices/channel-book.ts'
import { Section } from '../components/page.tsx'
import { Badge } from '../components/state.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Elapsed, Time } from '../components/time.tsx'

const columns = (nowMs: number): Column<ChannelState>[] => [
  { heading: 'Channel', isHeading: true, cell: ({ name }) => name },
  {
    heading: 'State',
    cell: ({ broken }) =>
      broken === undefined ? (
        <Badge tone="good">works</Badge>
      ) : (
        <>
          <Badge tone="bad">broken</Badge> for <Elapsed since={broken.since} nowMs={nowMs} />
        </>
      ),
  },
  { heading: 'Reason', cell: reasonOf },
  { heading: 'Waiting', align: 'right', cell: ({ waiting }) => waiting.toLocaleString('en') },
  { heading: 'Told last', cell: ({ toldAt }) => <Time at={toldAt} /> },
  { heading: 'Let go', align: 'right', cell: ({ letGo }) => letGo.toLocaleString('en') },
]

function reasonOf({ broken, lastLetGo }: ChannelState): string {
  if (broken !== undefined) return broken.reason
  return lastLetGo === undefined ? '' : `The last that was let go: ${lastLetGo.reason}`
}

/** Those who are told of deployments; nothing where nobody is. */
export function Channels({ channels, nowMs }: { channels: readonly ChannelState[]; nowMs: number }) {
  if (channels.length === 0) return null
  return (
    <Section id="channels" title="Who is told">
      <Table
        caption="Channels of notices"
        columns={columns(nowMs)}
        rows={channels}
        id={({ id }) => `channel-${id}`}
      />
    </Section>
  )
}
