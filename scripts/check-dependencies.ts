// npm run check:dependencies: the licences of what Livraison is made of, and what is known against it.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { audit, auditProblems } from './dependencies/audit.ts'
import { licenceProblems, productionPackages } from './dependencies/licences.ts'
import { readPolicy } from './dependencies/policy.ts'

const usage = `npm run check:dependencies                the licences, and the advisories that npm's registry knows
npm run check:dependencies -- --strict    and a registry that does not answer is a failure

What is allowed, and what is excepted and why, is in scripts/dependencies/policy.json.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    strict: { type: 'boolean', default: false },
    registry: { type: 'string' },
  },
})
if (values.help) console.log(usage)
else process.exitCode = await main()

async function main(): Promise<number> {
  const policy = readPolicy()
  const packages = productionPackages(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  const licences = licenceProblems(packages, policy)
  for (const line of licences) console.log(line)
  console.log(`licences: ${packages.length} packages for production, ${licences.length} problems`)
  const known = await audit('.', values.registry)
  if ('silent' in known) {
    console.log(`advisories: SKIPPED, nothing is known: the registry does not answer (${known.silent})`)
    return licences.length > 0 || values.strict ? 1 : 0
  }
  const advisories = auditProblems(known.advisories, policy, new Date().toISOString().slice(0, 10))
  for (const line of advisories) console.log(line)
  console.log(
    `advisories: ${known.advisories.length} known, ${advisories.length} problems (high or critical)`,
  )
  return licences.length + advisories.length > 0 ? 1 : 0
}
