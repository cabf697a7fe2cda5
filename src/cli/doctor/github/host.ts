import { enterpriseVersion, featuresMissingIn } from '../../../github/enterprise.ts'
import { hostOf } from '../../../redis/key-prefix.ts'
import type { DoctorSettings } from '../../../settings/doctor.ts'
import type { Finding } from '../finding.ts'
import type { AskedGitHub } from './ask-github.ts'

const of = 'GitHub host'

/** Which GitHub it is, and what that does not have; nothing to say of GitHub.com as it is set by itself. Pure. */
export function hostFindings(
  headers: ReturnType<AskedGitHub['headers']>,
  { githubServerUrl, githubNote }: Pick<DoctorSettings, 'githubServerUrl' | 'githubNote'>,
): Finding[] {
  const version = enterpriseVersion(headers)
  const note = githubNote === undefined ? '' : `; ${githubNote}`
  if (version === undefined) {
    return note === '' ? [] : [{ level: 'ok', of, text: `${hostOf(githubServerUrl)}${note}` }]
  }
  const text = `Enterprise Server ${version} at ${hostOf(githubServerUrl)}${note}`
  const without = featuresMissingIn(version).map((feature) => feature.without)
  if (without.length === 0) return [{ level: 'ok', of, text }]
  const todo = 'All else works; a newer version has these, too.'
  return [{ level: 'warn', of, text: `${text}: ${without.join('; ')}`, todo }]
}
