// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
import t from 'tap'
import { parseConfig } from '../../../src/config/read-config.ts'
import { problemsOf, staging } from '../../fixtures/config-texts.ts'

t.test('what the environment gives is put in, and what it does not give is told', async (t) => {
  const command = (run: string, env: Record<string, string> = {}) => {
    const { executor } =
      parseConfig(staging(`run: '${run}'`), 'livraison.yml', env).of('acme/shop')?.environments[0] ?? {}
    return executor?.kind === 'run' ? executor.command : undefined
  }
  t.equal(command('deploy ${TARGET} $TARGET', { TARGET: 'a b' }), 'deploy a b $TARGET')
  t.equal(command('deploy $${TARGET} ${A}${B}', { A: '${B}', B: '2' }), 'deploy ${TARGET} ${B}2', 'once')
  const needs = (name: string) =>
    `5:14  environments.staging.run: needs ${name}, which is not set in the environment; for a shell's own variable write $${name} or $$\{${name}}`
  t.strictSame(problemsOf(t, staging('run: ${NOPE} ${toString}')), [needs('NOPE'), needs('toString')])
  t.strictSame(problemsOf(t, staging('run: ${EMPTY}'), { EMPTY: ' ' }), [needs('EMPTY')])
  for (const run of ['${', '${NOPE', '${NOPE:-x}', '${}']) {
    t.match(
      problemsOf(t, staging(`run: '${run}'`)),
      [/^5:14 .*holds \$\{ without a NAME and \}; write \$\$\{/],
      run,
    )
  }
  t.strictSame(
    problemsOf(t, staging('run: x', 'url: ${NOPE}')).length,
    1,
    'what could not be put in is not complained of a second time',
  )
})

t.test('a secret is in no message, and the digest tells of it without holding it', async (t) => {
  const secret = 'hunter2'
  const env = { S: secret }
  const faulty = staging(
    'run: x',
    'timeout: ${S}',
    'on: ${S}',
    'after: ${S}',
    'url: ${S}',
    'env: { A: "${S}" }',
    'lane: ${S}',
  )
  const problems = problemsOf(t, faulty, env)
  t.equal(problems.length, 6)
  t.notOk(problems.join().includes(secret))
  t.match(
    problems.join('\n'),
    'timeout: must be a duration from 1s to 168h, such as 30s, 15m or 2h, not "${S}"',
  )

  const read = (text: string, value = secret) => parseConfig(text, 'livraison.yml', { S: value })
  const good = staging('run: x', 'env: { A: "${S}" }')
  t.strictSame(read(good).secrets, [secret])
  t.match(read(good).digest, /^[0-9a-f]{12}$/)
  t.equal(read(`# a comment\n${good}\n`).digest, read(good).digest, 'layout does not count')
  t.not(read(good, 'other').digest, read(good).digest)
  t.not(read(good.replace('run: x', 'run: y')).digest, read(good).digest)
})
