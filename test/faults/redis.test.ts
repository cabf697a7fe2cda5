// The short form of `npm run test:redis`: a fleet of real processes on a Redis Cluster of six, whose master is killed.
import { readdirSync } from 'node:fs'
import t from 'tap'
import { runScript } from '../fixtures/script.ts'

t.setTimeout(300_000)

t.test('a Redis Cluster loses a master: nothing is lost, and nothing is run twice', async (t) => {
  const args = ['cluster', '--faults', '1', '--pause', '1']
  const { said, directory } = await runScript(t, 'test-redis.js', args)
  t.match(said, /deployments +[1-9]/, 'there was something to lose')
  t.comment(said)
  t.strictSame(readdirSync(directory), [], 'nothing is left')
})
