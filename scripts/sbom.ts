// npm run --silent sbom: a bill of materials of what is installed for production (CycloneDX), on standard output.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { forProduction } from './dependencies/bill-of-materials.ts'
import { productionPackages } from './dependencies/licences.ts'

const printed = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
const packages = productionPackages(JSON.parse(readFileSync('package-lock.json', 'utf8')))
console.log(JSON.stringify(forProduction(JSON.parse(printed), packages), undefined, 2))
