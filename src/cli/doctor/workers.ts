import { labelWords } from '../../jobs/labels.ts'
import { readQueueName } from '../../jobs/pools.ts'
import type { Roster } from '../../workers/roster.ts'
import type { Finding } from './finding.ts'

const of = 'workers'

/** Whether there are workers for all that is to be done. Pure. */
export function workerFindings({ workers, unattended }: Roster): Finding[] {
  if (workers.length === 0) {
    const todo = 'Start one: npm start, or npm run worker. Until then nothing is deployed.'
    return [{ level: 'warn', of, text: 'none is running', todo }]
  }
  const text = workers.length === 1 ? 'one is running' : `${workers.length} are running`
  return [
    { level: 'ok', of, text },
    ...[...unattended.keys()].flatMap((queue): Finding[] => {
      const asked = readQueueName(queue)
      if (asked === undefined) return []
      const words = labelWords(asked.labels)
      const todo = `Start one with WORKER_LABELS=${asked.labels.join(',')}, or see to runs_on in livraison.yml.`
      return [{ level: 'warn', of, text: `none is running for ${asked.base} that ask for ${words}`, todo }]
    }),
  ]
}
