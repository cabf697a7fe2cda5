import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { productionPackages } from '../../../scripts/dependencies/licences.ts'

t.test('the bill of materials has what is installed for production, and that alone', async (t) => {
  const options = { env: { PATH: process.env.PATH, HOME: process.env.HOME }, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/scripts/sbom.js'], options)
  const { components, dependencies } = JSON.parse(stdout)
  const listed = components.map(({ name, version }: Package) => `${name}@${version}`)
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const wanted = productionPackages(lock).map(({ name, version }) => `${name}@${version}`)
  const unlisted = wanted.filter((each) => !listed.includes(each))
  const { packages }: { packages: Record<string, { optional?: boolean }> } = lock
  const isOptional = (each: string) =>
    Object.entries(packages).some(
      ([path, { optional }]) => optional && path.endsWith(each.slice(0, each.lastIndexOf('@'))),
    )
  t.same(
    unlisted.filter((each) => !isOptional(each)),
    [],
    'only what is for other machines is not there',
  )
  t.same(
    listed.filter((each: string) => !wanted.includes(each)),
    [],
  )
  t.ok(
    listed.some((each: string) => each.startsWith('pino@')),
    'what development needs as well is there',
  )
  const refs = new Set([
    ...components.map((each: { 'bom-ref': string }) => each['bom-ref']),
    'livraison@0.1.0',
  ])
  for (const { ref, dependsOn } of dependencies) {
    for (const each of [ref, ...dependsOn]) if (!refs.has(each)) t.fail(`${each} is named and not there`)
  }
})

interface Package {
  name: string
  version: string
}
