import t from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

t.test('a worker tells Prometheus of its jobs, its runs and its calls to GitHub', async (t) => {
  const fleet = await startAlone(t)
  const port = await freePort()
  startProcess(t, fleet, { METRICS_PORT: String(port), SIMULATED_WORK_SECONDS: '0', RECONCILE_SECONDS: '0' })
  await fleet.merge()
  const { sandbox } = fleet
  await sandbox.whenever(() => sandbox.deployments(shop).length > 0, { what: 'a deployment' })
  await fleet.finalStates(sandbox.deployments(shop)[0]?.id ?? 0)
  const read = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  const text = await eventually(async () => {
    const found = await read('/metrics')
    return /^livraison_job_attempts_total\{name="process-deployment",result="done"\} 1$/m.test(found) && found
  }, 'that the job is done')
  t.match(text, /^livraison_run_seconds_count\{state="success"\} 1$/m)
  const calls =
    /^livraison_github_requests_total\{method="POST",route="\/repos\/\{owner\}\/\{repo\}\/deployments\/\{deployment_id\}\/statuses",status="201"\} 3$/m
  t.match(text, calls)
  t.match(text, /^livraison_github_rate_limit_remaining\{resource="core"\} \d+$/m)
  t.match(text, /^livraison_redis_round_trip_seconds \d/m)
  t.match(await read('/healthz'), /"ok"/)
  t.equal((await fetch(`http://127.0.0.1:${port}/other`)).status, 404)
})
