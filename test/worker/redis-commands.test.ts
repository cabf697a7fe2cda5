import { Redis } from 'ioredis'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { startSandbox } from '../../sandbox/sandbox.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import { closeQueues, openQueues } from '../../src/jobs/queues.ts'
import { connectPatiently } from '../../src/redis/redis.ts'
import { readWorkerSettings } from '../../src/settings/worker.ts'
import { openWorker } from '../../worker/open-worker.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { ownRedis } from '../fixtures/redis.ts'
import { testRules } from '../fixtures/rules.ts'
import { someDeployment } from '../fixtures/run.ts'

/** What a plain deployment may cost, BullMQ's own commands among them: more means that something reads again what is known. */
const mostCommands = 20

t.test('a plain deployment asks Redis few times', async (t) => {
  const worker = await startOne(t)
  await worker.deploy('warm-up')
  const counts: string[][] = []
  for (const environment of ['one', 'two', 'three']) counts.push(await worker.deploy(environment))
  // What a timer asks for while the machine is busy is not what a deployment needs.
  const least = counts.toSorted((one, other) => one.length - other.length)[0] ?? []
  t.ok(
    least.length <= mostCommands,
    `${least.length} commands, of which at most ${mostCommands} are expected`,
  )
})

/** A worker on a Redis of its own, which tells what it is asked. */
async function startOne(t: Test) {
  const { url } = await ownRedis(t)
  const prefix = '{counted}'
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const repository = await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const log = pino({ level: 'silent' })
  const connection = connectPatiently(url, log)
  const settings = readWorkerSettings({
    REDIS_URL: url,
    GITHUB_TOKEN: sandbox.token,
    GITHUB_API_URL: sandbox.apiUrl,
    RECONCILE_SECONDS: '0',
    SIMULATED_WORK_SECONDS: '0',
  })
  const worker = openWorker(settings, connection, prefix, testRules(), log, {
    change: (rules) => ({ ...rules, executor: async () => ({ state: 'success', description: 'Done.' }) }),
  })
  t.teardown(async () => {
    await worker.close()
    connection.disconnect()
  })
  const client = new Redis(url)
  t.teardown(() => client.disconnect())
  const queues = openQueues(client, prefix)
  t.teardown(() => closeQueues(queues))
  const address = /\baddr=(\S+)/.exec(String(await connection.client('INFO')))?.[1]
  const asked: string[] = []
  const watching = new Redis(url)
  const monitor = await watching.monitor()
  t.teardown(() => {
    monitor.disconnect()
    watching.disconnect()
  })
  monitor.on('monitor', (_time: string, args: string[], source: string) => {
    if (source === address) asked.push(args.map((arg) => arg.slice(0, 60)).join(' '))
  })

  return {
    /** Brings a deployment to its end and gives what the worker asked Redis meanwhile. */
    async deploy(environment: string): Promise<string[]> {
      const made = await sandbox.createDeployment(shop, { ref: 'main', environment })
      if (!('id' in made)) throw new Error(made.message)
      const { id, sha } = made
      asked.length = 0
      const job: ProcessDeployment = {
        repository: { id: repository.id, owner: 'acme', name: 'shop' },
        deployment: { ...someDeployment, id, sha, environment, production: false, pullRequest: 12 },
        delivery: 'd',
      }
      const jobId = deploymentJobId(id)
      await queues.deployments.add('process-deployment', job, { jobId })
      const isOver = async () => (await queues.deployments.getJobState(jobId)) === 'completed'
      await eventually(isOver, `the end of #${id}`)
      const mark = `mark ${id}`
      await connection.echo(mark)
      await eventually(() => asked.includes(`echo ${mark}`), 'the last that was asked')
      return asked.slice(0, -1)
    },
  }
}
