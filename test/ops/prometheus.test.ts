import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { freePort } from '../../scripts/free-port.ts'
import { findTestProgram } from '../../scripts/setup/test-programs.mjs'
import { eventually, shop } from '../fixtures/fleet.ts'
import { absent } from '../fixtures/programs.ts'
import { testAdminToken } from '../fixtures/receiver.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

const directory = resolve('ops/prometheus')
const skip = absent('promtool', 'prometheus')
const [promtool = '', prometheus = ''] = ['promtool', 'prometheus'].map((name) => findTestProgram(name))

t.test('the rules and the settings are such that Prometheus takes them', { skip }, (t) => {
  for (const args of [
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
    ['check', 'config', '--syntax-only', 'prometheus.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: directory, encoding: 'utf8' })
    t.equal(status, 0, `${args.join(' ')}: ${stdout}${stderr}`)
  }
  t.end()
})

/** A Prometheus that reads these addresses each quarter of a second; gives where it answers. */
async function startPrometheus(t: Test, receiver: string, worker: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'livraison-prometheus-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  writeFileSync(join(home, 'token'), testAdminToken)
  const of = (name: string, target: string, more = '') =>
    `  - { job_name: ${name}, static_configs: [{ targets: ["${target}"] }]${more} }`
  const config = [
    'global: { scrape_interval: 250ms, evaluation_interval: 250ms }',
    `rule_files: ["${directory}/alerts.yml"]`,
    'scrape_configs:',
    of('livraison', receiver, ', authorization: { credentials_file: token }'),
    of('livraison-workers', worker),
  ]
  writeFileSync(join(home, 'prometheus.yml'), `${config.join('\n')}\n`)
  const port = await freePort()
  const child = spawn(
    prometheus,
    [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { cwd: home, stdio: 'ignore' },
  )
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  await eventually(isReady, 'Prometheus', 20_000)
  return url
}

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[]
}

interface Alerts {
  groups: { rules: { alert: string; expr: string }[] }[]
}

t.test('a real Prometheus reads a real run, and the dashboard shows it', { skip }, async (t) => {
  const fleet = await startAlone(t)
  const port = await freePort()
  startProcess(t, fleet, { METRICS_PORT: String(port), SIMULATED_WORK_SECONDS: '0' })
  const url = await startPrometheus(t, new URL(fleet.receiver.url).host, `127.0.0.1:${port}`)
  const ask = async (expr: string) => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)
    const { status, error, data } = (await response.json()) as {
      status: string
      error?: string
      data?: { result: { value: [number, string] }[] }
    }
    return { status, error, values: data?.result.map(({ value }) => Number(value[1])) ?? [] }
  }
  const isThere = (expr: string, isGood: (values: number[]) => boolean) =>
    eventually(async () => isGood((await ask(expr)).values), expr, 20_000)

  await isThere('up', (values) => values.length === 2 && values.every((value) => value === 1))
  await fleet.merge()
  await isThere('livraison_run_seconds_count{state="success"}', ([runs]) => runs === 1)
  await isThere('sum(livraison_deliveries_total{outcome="queued"})', ([many]) => (many ?? 0) >= 2)
  t.same(fleet.states(fleet.sandbox.deployments(shop)[0]?.id ?? 0).at(-1), 'success')

  const dashboard = JSON.parse(readFileSync('ops/grafana/livraison.json', 'utf8')) as Dashboard
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets) {
      const { status, error } = await ask(expr.replaceAll('$__rate_interval', '1m'))
      t.equal(status, 'success', `${title}: ${error ?? 'a good expression'}`)
      const names = expr.match(/\b(?:livraison|nodejs|process)_\w+/g) ?? []
      for (const name of names) t.ok((await ask(name)).values.length > 0, `${title}: ${name} is told`)
    }
  }
  const alerts = parse(readFileSync(join(directory, 'alerts.yml'), 'utf8')) as Alerts
  for (const { alert, expr } of alerts.groups.flatMap(({ rules }) => rules)) {
    t.equal((await ask(expr)).status, 'success', alert)
  }
  t.same((await ask('ALERTS{alertstate="firing",severity="page"}')).values, [], 'all is well')
})
