import { z } from 'zod'
import { approvalsSchema } from './approvals.ts'
import { requestSchema } from './request.ts'
import { address, duration, globs, mapping, oneOf, runsOn, text, variables, yesOrNo } from './terms.ts'
import { freezesSchema, windowsSchema } from './times.ts'
import { verifySchema } from './verify.ts'

/** Whose heads may be deployed before they are merged. */
const pullRequestsSchema = z
  .union([yesOrNo, mapping({ forks: yesOrNo.optional() })], { error: 'true, false or { forks: true }' })
  .optional()
  .meta({
    description:
      'Whether the head of a pull request may be deployed here by a comment (/deploy), before it is merged: of the own branches of the repository, or, with `forks: true`, of forks as well. Default: false.',
  })

/** One environment of a repository. */
export const environmentSchema = mapping({
  on: oneOf('merge', 'push', 'tag', 'promotion', 'manual').optional().meta({
    description:
      'What deploys here: a merge into the deployed branch, a push to it, a pushed tag, the success of the environment named by `after`, or only a deployment that somebody creates. Default: promotion with `after`, else merge.',
  }),
  after: text.optional().meta({
    description: 'The environment whose success makes the next deployment here, of the same sha.',
  }),
  tags: globs.optional().meta({
    description:
      'Which tags are deployed, with `on: tag`: a pattern or a list of them, in which * stands for letters except /, ** for all letters, ? for one; one that begins with ! excludes. Default: all tags.',
  }),
  paths: globs.optional().meta({
    description:
      'Only what changes a file that these patterns name is deployed by itself: as in `tags`, with the paths of files. Default: whatever it changes.',
  }),
  simulate: duration('0s').optional().meta({ description: 'Works for so long and does nothing.' }),
  run: text.optional().meta({ description: 'A command that is run in a fresh checkout of the sha.' }),
  env: variables.optional().meta({ description: 'Environment variables of the command.' }),
  inactivity: duration('1s').optional().meta({
    description: 'The command is stopped when it has said nothing for so long. Default: no limit.',
  }),
  request: requestSchema.optional().meta({ description: 'An HTTP call to something that deploys.' }),
  use: text.optional().meta({
    description: 'A module of your own that deploys; a path from the place of this file.',
  }),
  with: z.record(z.string(), z.unknown(), { error: 'a mapping' }).optional().meta({
    description: 'What the module is given.',
  }),
  timeout: duration('1s').optional().meta({
    description: 'How long a deployment may take. Default: 30m for run and use, 10m for request.',
  }),
  url: address.optional().meta({ description: 'Where the environment can be seen; GitHub links to it.' }),
  runs_on: runsOn.optional().meta({
    description:
      'The label, or labels, that a worker must have (WORKER_LABELS) to deploy here. Default: default, which workers have that are given none.',
  }),
  lane: oneOf('supersede', 'queue').optional().meta({
    description:
      'What becomes of deployments that wait for another to end: the newest replaces the others, or each has its turn. Default: supersede.',
  }),
  on_worker_loss: oneOf('rerun', 'fail').optional().meta({
    description:
      'What is done with a deployment whose worker was lost. Default: fail for run and use, rerun for simulate and request.',
  }),
  wait: duration('1s').optional().meta({
    description: 'How long a deployment is held back, from when it was asked for. Default: not at all.',
  }),
  approvals: approvalsSchema.optional().meta({
    description: 'People who must agree to each deployment before it begins.',
  }),
  windows: windowsSchema.optional(),
  freezes: freezesSchema.optional(),
  verify: verifySchema.optional().meta({
    description: 'A deployment has succeeded only once what was deployed answers as it should.',
  }),
  pull_requests: pullRequestsSchema,
  actions: oneOf('gate').optional().meta({
    description:
      'gate: what GitHub Actions deploys here waits for the same locks, freezes, windows, approvals, wait and checks, through a custom deployment protection rule. It may stand alone, where only GitHub Actions deploys. Default: such deployments are rejected.',
  }),
  rollback: oneOf('automatic', 'manual').optional().meta({
    description:
      'What is done after a failure: the commit that succeeded last is deployed again, or nothing. Default: manual.',
  }),
})

export type EnvironmentEntry = z.output<typeof environmentSchema>
