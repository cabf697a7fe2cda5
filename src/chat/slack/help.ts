/** What can be asked for, and what it does, by the word that it begins with. */
const lines: readonly [usage: string, meaning: string][] = [
  ['/deploy shop', 'deploys the deployed branch to the only environment that there is'],
  ['/deploy shop/topic to staging', 'deploys a branch, tag or commit; acme/shop#topic says the same'],
  ['/deploy shop to production --force because ...', 'passes soft locks, windows and freezes'],
  ['/deploy status shop [production]', 'how things stand'],
  ['/deploy why shop production', 'why something is not deploying'],
  ['/deploy list shop [production]', 'the newest deployments'],
  ['/deploy where shop', 'the environments that there are'],
  ['/deploy approve 123 [because ...]', 'approves a deployment that waits for it; reject ends it'],
  [
    '/deploy cancel shop production',
    'ends a deployment; retry deploys it again, override lets it pass what holds it',
  ],
  ['/deploy promote shop staging [to production]', 'deploys the same commit to the next environment'],
  ['/rollback shop production [because ...]', 'deploys what worked before'],
  [
    '/lock shop production because ... [for 2h]',
    'holds back what would be deployed; * is all of the repository',
  ],
  ['/unlock shop production', 'lets it go on'],
]

/** What there is to be done, or what of it has to do with a word, a line each. Pure. */
export function helpLines(about?: string): string[] {
  const all = lines.map(([usage, meaning]) => `${usage}: ${meaning}`)
  const some =
    about === undefined ? [] : all.filter((line) => line.toLowerCase().includes(about.toLowerCase()))
  return some.length === 0 ? all : some
}
