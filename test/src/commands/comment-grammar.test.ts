// What is a command in a comment, what it asks for, and what is none.
import t from 'tap'
import { commandLine, readCommand } from '../../../src/commands/comment-grammar.ts'
import { commentWords, usages } from '../../../src/commands/comment-words.ts'

const environments = ['staging', 'production', 'Green Field']
const sha = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d'
const hour = 3_600_000

const cases: [string, object | null][] = [
  ['/deploy', { word: 'deploy', force: false }],
  ['/deploy staging', { word: 'deploy', environment: 'staging', force: false }],
  ['/Deploy Staging', { word: 'deploy', environment: 'Staging', force: false }],
  ['   /deploy\tstaging  ', { word: 'deploy', environment: 'staging', force: false }],
  ['/deploy staging 1a2b3c4', { word: 'deploy', environment: 'staging', sha: '1a2b3c4', force: false }],
  [`/deploy ${sha.toUpperCase()}`, { word: 'deploy', sha, force: false }],
  ['/deploy "green field"', { word: 'deploy', environment: 'green field', force: false }],
  [
    '/deploy production --force because  the shop is down',
    { word: 'deploy', environment: 'production', force: true, reason: 'the shop is down' },
  ],
  ['/deploy --force', { word: 'deploy', force: true }],
  // A phone's keyboard.
  ['/deploy —force because x', { word: 'deploy', force: true, reason: 'x' }],
  ['/deploy because', { word: 'deploy', force: false }],
  ['/deploy nowhere', { word: 'deploy', environment: 'nowhere', force: false }],
  // Too few digits for a sha, and so the name of an environment.
  ['/deploy 1a2b3c', { word: 'deploy', environment: '1a2b3c', force: false }],
  [
    '/deploy staging please',
    { word: 'deploy', problem: /^please is not the sha of a commit\. It is written \/deploy/ },
  ],
  ['/deploy staging 1a2b3c4 now', { word: 'deploy', problem: /^now is too much/ }],
  ['/deploy staging --yes', { word: 'deploy', problem: /^--yes is not an option/ }],
  ['/deploy staging production', { word: 'deploy', problem: /^production is not the sha/ }],
  ['/merge', { word: 'merge' }],
  ['/merge 1A2b3c4', { word: 'merge', sha: '1a2b3c4' }],
  ['/merge now', { word: 'merge', problem: /^now is not the sha/ }],
  ['/merge 1a2b3c4 now', { word: 'merge', problem: /^now is too much/ }],
  ['/lock', { word: 'lock' }],
  ['/lock staging', { word: 'lock', environment: 'staging' }],
  [
    '/lock production for 2h migrating',
    { word: 'lock', environment: 'production', expiresInMs: 2 * hour, reason: 'migrating' },
  ],
  ['/lock for 1d because we move', { word: 'lock', expiresInMs: 24 * hour, reason: 'we move' }],
  ['/lock "Green Field" busy', { word: 'lock', environment: 'Green Field', reason: 'busy' }],
  ['/lock migrating the database', { word: 'lock', reason: 'migrating the database' }],
  ['/lock staging for the migration', { word: 'lock', environment: 'staging', reason: 'for the migration' }],
  ['/lock staging for 2x', { word: 'lock', problem: /^2x is not a duration/ }],
  ['/lock staging for 0m', { word: 'lock', problem: /^0m is not a duration/ }],
  ['/unlock', { word: 'unlock' }],
  ['/unlock production', { word: 'unlock', environment: 'production' }],
  ['/unlock production now', { word: 'unlock', problem: /^now is too much/ }],
  ['/rollback', { word: 'rollback' }],
  [
    '/rollback production because it is slow',
    { word: 'rollback', environment: 'production', reason: 'it is slow' },
  ],
  ['/rollback it is slow', { word: 'rollback', problem: /^is is too much/ }],
  ['/status', { word: 'status' }],
  ['/status staging', { word: 'status', environment: 'staging' }],
  ['/why production', { word: 'why', environment: 'production' }],
  ['/approve', { word: 'approve' }],
  ['/approve production', { word: 'approve', environment: 'production' }],
  ['/approve #123 because it was tested', { word: 'approve', deployment: 123, reason: 'it was tested' }],
  ['/approve #123 production', { word: 'approve', problem: /^production is too much/ }],
  ['/reject because of the date', { word: 'reject', reason: 'of the date' }],
  ['/help', { word: 'help' }],
  ['/help me', { word: 'help' }],
  // Only the first line counts.
  ['/deploy staging\n\n/deploy production', { word: 'deploy', environment: 'staging', force: false }],
  ['/deploy staging\r\nbecause I say so', { word: 'deploy', environment: 'staging', force: false }],

  ['', null],
  ['Please /deploy', null],
  ['Looks good.\n/deploy', null],
  ['\n/deploy', null],
  // Quotes and code.
  ['> /deploy', null],
  ['`/deploy`', null],
  ['```\n/deploy\n```', null],
  ['    /deploy', null],
  ['\t/deploy', null],
  ['- /deploy', null],
  ['<!-- -->/deploy', null],
  // What others have.
  ['/deployments', null],
  ['/deploy-it', null],
  ['/deploy/staging', null],
  ['/depoly', null],
  ['/assign @octocat', null],
  ['//deploy', null],
  ['/ deploy', null],
  ['/', null],
]

for (const [body, expected] of cases) {
  t.test(JSON.stringify(body), async (t) => {
    const line = commandLine(body)
    if (expected === null) return t.equal(line, undefined)
    const found = readCommand(line ?? '', environments)
    t.match(found, expected)
    t.same(Object.keys(found).sort(), Object.keys(expected).sort(), 'and nothing else')
  })
}

t.test('what is endless is cut', async (t) => {
  const line = commandLine(`/lock staging ${'x'.repeat(100_000)}`) ?? ''
  t.equal(line.length, 1000)
  t.match(readCommand(line, environments), { reason: 'x'.repeat(500) })
})

t.test('each command says how it is written', async (t) => {
  for (const word of commentWords) t.ok(usages[word].usage.startsWith(`/${word}`))
  t.throws(() => readCommand('deploy', []), /holds no command/)
})
