import type { Rules } from '../../../config/rules.ts'
import { tokenAuth } from '../../../github/auth.ts'
import type { DoctorSettings } from '../../../settings/doctor.ts'
import { clockFinding } from '../clock.ts'
import type { Mendable } from '../finding.ts'
import { mostRepositories } from '../repositories.ts'
import { openAskedGitHub } from './ask-github.ts'
import { examineRepository } from './examine-repository.ts'
import { hostFindings } from './host.ts'
import { examineGithub } from './rate-limit.ts'

export interface GitHubExamination {
  settings: DoctorSettings & { githubToken: string }
  /** Undefined: they cannot be read. */
  rules: Rules | undefined
  repositories: readonly string[]
  secretIsProven: boolean
}

/** Whether GitHub is there and knows us, and whether all is well with each repository. */
export async function* examineGitHubAndRepositories({
  settings,
  rules,
  repositories,
  secretIsProven,
}: GitHubExamination): AsyncGenerator<Mendable> {
  const asked = openAskedGitHub(settings, tokenAuth(settings.githubToken))
  const github = await examineGithub(asked, settings.githubApiUrl)
  yield github
  yield* hostFindings(asked.headers(), settings)
  const clock = clockFinding(String(asked.headers().date ?? ''), Date.now())
  if (clock !== undefined) yield clock
  if (github.level === 'fail' || rules === undefined) return
  const looked = repositories.slice(0, mostRepositories)
  for (const each of looked) yield* examineRepository(each, { asked, rules, settings, secretIsProven })
  if (looked.length < repositories.length) {
    const text = `only the first ${mostRepositories} of ${repositories.length} were looked at`
    yield {
      level: 'ok',
      of: 'repositories',
      text,
      todo: 'Name another: livraison doctor --repository acme/shop',
    }
  }
}
