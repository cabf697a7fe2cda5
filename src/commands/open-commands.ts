import type { Access } from '../access/access.ts'
import type { Sources } from '../api/sources.ts'
import { explain } from '../api/why/explain.ts'
import { gatherFacts } from '../api/why/gather.ts'
import { listDeployments } from '../deployments/list.ts'
import type { Operations } from '../operations/operations.ts'
import { createRunCommand, type RunCommand } from './run-command.ts'
import { explanationLines } from './words.ts'

/** Commands on what the API reads from and the operations that change it. */
export function openCommands(
  sources: Sources,
  operations: Operations,
  access: Pick<Access, 'roleOf'>,
): RunCommand {
  const { redis, keys, rules, repositories, overview, records } = sources
  return createRunCommand({
    ...{ operations, access, rules, repositories, overview },
    newest: async (filter, limit) => (await listDeployments(redis, keys, filter, limit)).records,
    nowMs: () => records.nowMs(),
    async explain(repository, environment) {
      const explanation = explain(await gatherFacts(sources, repository, environment), sources)
      return { summary: explanation.summary, lines: explanationLines(explanation) }
    },
  })
}
