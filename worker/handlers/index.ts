import type { GiveUp } from '../../src/errors/errors.ts'
import type { JobName, Jobs } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'
import { announceStatus } from './announce-status.ts'
import { cancelChecks } from './cancel-checks.ts'
import { check, giveUpCheck } from './check.ts'
import { ciFinished } from './ci-finished.ts'
import { command, giveUpCommand } from './command.ts'
import { compare, giveUpCompare } from './compare.ts'
import { endWaiting } from './end-waiting.ts'
import { followCommand } from './follow-command.ts'
import { giveUpMerge, mergeWhenGreen } from './merge-when-green.ts'
import { giveUpDeployment, processDeployment } from './process-deployment.ts'
import { pullRequestChanged } from './pull-request-changed.ts'
import { giveUpReview, reviewDeployment } from './review-deployment.ts'
import { giveUpRunCheck, runCheck } from './run-check.ts'
import { giveUpStart, startDeployment } from './start-deployment.ts'

/** What is done with a job, and, where somebody waits for its end, what when it is given up. */
export interface Handler<Name extends JobName> {
  /** `queue` is the name of the queue that it was in. */
  handle(data: Jobs[Name], tools: Tools, jobId: string, queue: string): Promise<void>
  giveUp?(data: Jobs[Name], reason: GiveUp, tools: Tools, jobId: string): Promise<void>
}

/** The handler of each kind of job; a kind without one does not compile. */
export const handlers: { [Name in JobName]: Handler<Name> } = {
  'start-deployment': { handle: startDeployment, giveUp: giveUpStart },
  'process-deployment': { handle: processDeployment, giveUp: giveUpDeployment },
  'review-deployment': { handle: reviewDeployment, giveUp: giveUpReview },
  'announce-status': { handle: announceStatus },
  'ci-finished': { handle: ciFinished },
  check: { handle: check, giveUp: giveUpCheck },
  'run-check': { handle: runCheck, giveUp: giveUpRunCheck },
  'cancel-checks': { handle: cancelChecks },
  'pull-request-changed': { handle: pullRequestChanged },
  'merge-when-green': { handle: mergeWhenGreen, giveUp: giveUpMerge },
  compare: { handle: compare, giveUp: giveUpCompare },
  command: { handle: command, giveUp: giveUpCommand },
  'follow-command': { handle: followCommand },
  'end-waiting': { handle: endWaiting },
}
