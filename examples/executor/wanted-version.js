import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * An executor for machines that fetch what they run: it writes the sha that is wanted to `<directory>/wanted`, and
 * waits until whatever watches that file says in `<directory>/running` that it runs it.
 *
 * @param {{ directory: string, everySeconds?: number }} options what `with:` says in the configuration
 * @returns {import('../../worker/executors/executor.ts').Executor}
 */
export default function wantedVersion({ directory, everySeconds = 2 }) {
  if (typeof directory !== 'string') throw new Error('with: needs a directory.')
  const wanted = join(directory, 'wanted')
  const running = join(directory, 'running')

  return async ({ deployment, signal, log }) => {
    const { sha, environment } = deployment
    // By another name first: whoever watches never reads half a file.
    await writeFile(`${wanted}.new`, `${sha}\n`)
    await rename(`${wanted}.new`, wanted)
    log(`${sha} is wanted in ${environment}`)

    for (;;) {
      const [is, problem = ''] = (await readFile(running, 'utf8').catch(() => '')).trim().split(/ (.*)/)
      if (is === sha && problem === '') return { state: 'success', description: `${sha.slice(0, 7)} runs.` }
      if (is === sha) return { state: 'failure', description: `It does not run: ${problem}` }
      // Ends with the signal's reason when the run is stopped: it then throws, as it should.
      await sleep(everySeconds * 1000, undefined, { signal })
    }
  }
}
