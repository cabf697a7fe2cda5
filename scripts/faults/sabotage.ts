import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProblemKind } from './problem.ts'

interface Sabotage {
  /** What is switched off. */
  what: string
  /** The kinds of problems of which at least one must then be found. */
  finds: ProblemKind[]
  patches: { file: string; from: string; to: string }[]
}

/** What the fault test must find when it is switched off. */
export const sabotages: Record<string, Sabotage> = {
  lease: {
    what: 'the lease: whoever asks for a lane gets it',
    finds: ['overlap'],
    patches: [
      {
        file: 'src/deployments/lane-scripts.js',
        from: 'if holder and holder ~= id and leaseUntil + leaseMs > at then',
        to: 'if false then',
      },
    ],
  },
  outbox: {
    what: 'the comparison: statuses are repeated without a look at what GitHub has',
    finds: ['duplicate'],
    patches: [
      {
        file: 'worker/outbox/outbox.js',
        from: 'const { sent, state, description } = compareStatuses(ours, theirs);',
        to: "const { sent, state, description } = { sent: 0, state: '', description: '' };",
      },
    ],
  },
  'job-id': {
    what: 'identity: each delivery of a merge is a job of its own, that creates a deployment without a look',
    finds: ['duplicate'],
    patches: [
      {
        file: 'src/jobs/job-ids.js',
        from: 'const ofMerge = `merge-',
        to: 'const ofMerge = Math.random() + `merge-',
      },
      {
        file: 'worker/handlers/start-deployment.js',
        from: 'const existing = await findDeployment(github, job);',
        to: 'const existing = undefined;',
      },
    ],
  },
}

/** Changes a built copy. Throws if it is not what the patches were made for. */
export function applySabotage(dist: string, { patches }: Sabotage): void {
  for (const { file, from, to } of patches) {
    const path = join(dist, file)
    const parts = readFileSync(path, 'utf8').split(from)
    if (parts.length !== 2) {
      throw new Error(`${file} has ${parts.length - 1} times what was to be changed, not once: ${from}`)
    }
    writeFileSync(path, parts.join(to))
  }
}
